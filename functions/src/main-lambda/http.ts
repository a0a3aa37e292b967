import { probesPerMinute } from '@sylk/protocol/limits.ts';
import { httpHandler } from '../adapters/lambda/http.ts';
import { networkOf } from '../adapters/local/network-address.ts';
import { addressRoutes } from '../http/addresses.ts';
import { callRoutes } from '../http/calls.ts';
import { healthRoutes } from '../http/health.ts';
import { historyRoutes } from '../http/history.ts';
import { configRoutes } from '../http/public-config.ts';
import { Environment } from './environment.ts';
import { originsOf } from './origins.ts';
import { frontOf, servicesOf } from './services.ts';

const environment = new Environment(process.env);
const services = servicesOf(environment);
const httpsPort = 443;

export const handler = httpHandler({
  routes: [
    ...addressRoutes(services),
    ...callRoutes(services),
    ...historyRoutes(services),
    ...configRoutes(services, async () => httpsPort),
    ...healthRoutes(services, probesPerMinute),
  ],
  log: services.log,
  isOriginAllowed: originsOf(environment, services.log).isAllowed,
  networkOf,
  front: frontOf(environment),
});
