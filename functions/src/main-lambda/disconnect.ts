import { disconnectHandler } from '../adapters/lambda/disconnect.ts';
import { Environment } from './environment.ts';
import { servicesOf } from './services.ts';

export const handler = disconnectHandler(servicesOf(new Environment(process.env)));
