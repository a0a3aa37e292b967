import { connectionId } from '@sylk/protocol/ids.ts';
import { connectionClosed } from '../../signaling/connection.ts';
import type { Services } from '../../signaling/services.ts';
import type { WebSocketAnswer, WebSocketEvent } from './events.ts';

/** `$disconnect` of browsers: looks after what the connection leaves. It may come twice, early, or not at all. */
export const disconnectHandler =
  (services: Services) =>
  async ({ requestContext }: WebSocketEvent): Promise<WebSocketAnswer> => {
    await connectionClosed(services, connectionId(requestContext.connectionId));
    return { statusCode: 200 };
  };
