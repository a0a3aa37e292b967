import { messageHandler } from '../adapters/lambda/message.ts';
import { Environment } from './environment.ts';
import { servicesOf } from './services.ts';

export const handler = messageHandler(servicesOf(new Environment(process.env)));
