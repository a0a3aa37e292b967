import {
  ApiGatewayManagementApiClient,
  ApiGatewayManagementApiServiceException,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import { persistently, type Try } from './persistence.ts';

/** How long one try may take, in ms. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/**
 * The way to browsers whose sockets end at API Gateway, without a detour by signaling.
 *
 * @param api `https://<id>.execute-api.<region>.amazonaws.com/<stage>`
 * @returns hands one frame over: `gone` when that connection is no more
 * @throws Error (when called) if it cannot be known whether the frame arrived
 */
export const browserPoster = (api: string): ((connection: ConnectionId, frame: string) => Promise<'sent' | 'gone'>) => {
  // Tries are counted here, where all that may fail is looked at in one way.
  const client = new ApiGatewayManagementApiClient({
    endpoint: api,
    maxAttempts: 1,
    requestHandler,
    ...regionIn(api),
  });
  return (connection, frame) =>
    persistently(async (): Promise<Try<'sent' | 'gone'>> => {
      try {
        await client.send(new PostToConnectionCommand({ ConnectionId: connection, Data: frame }));
        return { outcome: 'sent' };
      } catch (error) {
        return isGone(error) ? { outcome: 'gone' } : { failure: error, isWorthAnother: isPassing(error) };
      }
    });
};

/** An instance of the cloud is not told its region as a function is, but the address of the API names it. */
const regionIn = (api: string): { region?: string } => {
  const region = /\.execute-api\.([a-z0-9-]+)\./.exec(api)?.[1];
  return region === undefined ? {} : { region };
};

const statusOf = (error: unknown): number | undefined =>
  error instanceof ApiGatewayManagementApiServiceException ? error.$metadata.httpStatusCode : undefined;

/** Closed, or never a connection of this API. */
const isGone = (error: unknown): boolean =>
  statusOf(error) === 410 || (statusOf(error) === 400 && error instanceof Error && /connectionid/i.test(error.message));

/** Too much at once, a fault of the service, or none of its answers reached us. */
const isPassing = (error: unknown): boolean => {
  const status = statusOf(error);
  return status === undefined || status === 429 || status >= 500;
};
