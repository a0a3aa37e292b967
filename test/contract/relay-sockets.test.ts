import { relayContract } from './relay.ts';

relayContract('relay on the sockets of the runtime', 42_300);
