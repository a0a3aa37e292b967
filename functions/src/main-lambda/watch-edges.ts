import { FollowUpQueue } from '../adapters/aws/follow-up-queue.ts';
import { watchEdgesHandler } from '../adapters/lambda/watch-edges.ts';
import { Environment } from './environment.ts';

export const handler = watchEdgesHandler(new FollowUpQueue(new Environment(process.env).followUpQueue));
