import { mediaBlock } from '../peers/ports.ts';
import { relayContract } from './relay.ts';

relayContract('relay on the sockets of the runtime', (await mediaBlock()).first);
