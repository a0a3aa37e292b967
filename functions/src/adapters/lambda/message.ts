import { decodeRequest, encode } from '@sylk/protocol/codec.ts';
import { type ConnectionId, connectionId } from '@sylk/protocol/ids.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import { EdgeUnreachable } from '../../ports/edge-link.ts';
import { dispatch } from '../../signaling/dispatch.ts';
import type { Services } from '../../signaling/services.ts';
import type { RunContext, WebSocketAnswer, WebSocketEvent } from './events.ts';
import { type TimeLimit, withinTime } from './time-limit.ts';

/** What is left for saying that a request took too long, in ms, before the platform ends the run without a word. */
const lastWordMs = 1_000;

const done: WebSocketAnswer = { statusCode: 200 };

/** `$default` of browsers: one frame. All answers are posted, so none is left in the return value. */
export const messageHandler =
  (services: Services) =>
  async (event: WebSocketEvent, context: RunContext): Promise<WebSocketAnswer> => {
    const connection = connectionId(event.requestContext.connectionId);
    const { log, sender } = services;
    if (event.isBase64Encoded === true) {
      log.debug({ connectionId: connection, why: 'binary' }, 'a frame was ignored');
      return done;
    }
    const decoded = decodeRequest(event.body ?? '');
    if (decoded.kind === 'ignored') {
      log.debug({ connectionId: connection, why: decoded.why }, 'a frame was ignored');
    } else if (decoded.kind === 'invalid') {
      const { transaction, error } = decoded;
      await sender.post(connection, encode({ sylkrtc: 'error', transaction, error }));
    } else {
      await carryOut(services, connection, decoded.request, context);
    }
    return done;
  };

const carryOut = async (
  services: Services,
  connection: ConnectionId,
  request: Request,
  context: RunContext,
): Promise<void> => {
  const limitMs = Math.max(0, context.getRemainingTimeInMillis() - lastWordMs);
  const isDone = await withinTime(limitMs, (limit) => dispatch(untilOver(services, limit), connection, request));
  if (isDone) return;
  const { sylkrtc, transaction } = request;
  services.log.error({ connectionId: connection, request: sylkrtc, limitMs }, 'a request took too long');
  const error = `The server took too long for ${sylkrtc}, try again`;
  await services.sender.post(connection, encode({ sylkrtc: 'error', transaction, error }));
};

/**
 * What a request may do until its time is over. It may go on when the platform wakes this process for another event:
 * then nobody must get an answer that contradicts the one given, nor an edge a command that nobody expects.
 */
const untilOver = (services: Services, limit: TimeLimit): Services => ({
  ...services,
  sender: {
    post: async (connection, frame) => (limit.isOver() ? 'gone' : services.sender.post(connection, frame)),
    close: async (connection) => (limit.isOver() ? undefined : services.sender.close(connection)),
  },
  edgeLink: {
    isLinked: (edge) => services.edgeLink.isLinked(edge),
    send: async (edge, command) => {
      if (limit.isOver()) throw new EdgeUnreachable(edge);
      return services.edgeLink.send(edge, command);
    },
  },
});
