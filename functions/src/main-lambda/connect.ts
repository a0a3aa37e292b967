import { FollowUpQueue } from '../adapters/aws/follow-up-queue.ts';
import { connectHandler } from '../adapters/lambda/connect.ts';
import { networkOf } from '../adapters/local/network-address.ts';
import { Environment } from './environment.ts';
import { originsOf } from './origins.ts';
import { frontOf, servicesOf } from './services.ts';

const environment = new Environment(process.env);
const services = servicesOf(environment);

export const handler = connectHandler({
  services,
  followUps: new FollowUpQueue(environment.followUpQueue),
  isOriginAllowed: originsOf(environment, services.log).isAllowed,
  networkOf,
  front: frontOf(environment),
  connectionsPerAddress: environment.connectionsPerAddress,
});
