import { FollowUpQueue } from '../adapters/aws/follow-up-queue.ts';
import { followUpHandler } from '../adapters/lambda/follow-up.ts';
import { Environment } from './environment.ts';
import { servicesOf } from './services.ts';

const environment = new Environment(process.env);

export const handler = followUpHandler(servicesOf(environment), new FollowUpQueue(environment.followUpQueue));
