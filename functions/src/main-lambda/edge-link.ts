import { ConnectionsApi } from '../adapters/aws/connections-api.ts';
import { FollowUpQueue } from '../adapters/aws/follow-up-queue.ts';
import { edgeLinkHandler } from '../adapters/lambda/edge-link.ts';
import { Environment } from './environment.ts';
import { servicesOf } from './services.ts';

const environment = new Environment(process.env);

export const handler = edgeLinkHandler({
  services: servicesOf(environment),
  edges: new ConnectionsApi(environment.edgeApi),
  followUps: new FollowUpQueue(environment.followUpQueue),
});
