import { decodeFromEdge, encode } from '@sylk/protocol/edge/codec.ts';
import type { CommandDone } from '@sylk/protocol/edge/commands.ts';
import type { EdgeReport, ReportAnswer } from '@sylk/protocol/edge/reports.ts';
import { type ConnectionId, connectionId, type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import { idempotencyMs, leaseLostMs } from '@sylk/protocol/limits.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import type { FollowUps } from '../../ports/follow-ups.ts';
import type { FrameSender } from '../../ports/frame-sender.ts';
import { handleReport } from '../../signaling/edge-events.ts';
import type { Services } from '../../signaling/services.ts';
import { lowerCased, type WebSocketAnswer, type WebSocketEvent } from './events.ts';
import { acceptedProtocol, offersProtocol } from './sub-protocol.ts';

export interface EdgeLinkOptions {
  readonly services: Services;
  /** The connections of edges. */
  readonly edges: Pick<FrameSender, 'post'>;
  readonly followUps: FollowUps;
}

const protocol = 'edge.v1';
const done: WebSocketAnswer = { statusCode: 200 };

/** What an edge answered is kept for whoever asked, in ms. */
const resultMs = 60_000;

/** An edge whose last socket closed may have died; whether it has shows once its lease must have run out, in s. */
const lookAfterS = Math.ceil(leaseLostMs / 1000) + 1;

/** The events of the edges' API: an edge dials in, reports, and goes. */
export const edgeLinkHandler =
  (options: EdgeLinkOptions) =>
  async (event: WebSocketEvent): Promise<WebSocketAnswer> => {
    const { eventType, connectionId: id, authorizer } = event.requestContext;
    const edge = authorizer?.edge;
    if (typeof edge !== 'string') throw new Error(`the authoriser named no edge for a ${eventType} event`);
    const link = { edge: edgeId(edge), socket: connectionId(id) };
    switch (eventType) {
      case 'CONNECT':
        return connected(event);
      case 'MESSAGE':
        return received(options, link, event.body ?? '');
      case 'DISCONNECT':
        return disconnected(options, link);
    }
  };

interface Link {
  readonly edge: EdgeId;
  readonly socket: ConnectionId;
}

const connected = ({ headers }: WebSocketEvent): WebSocketAnswer =>
  offersProtocol(lowerCased(headers)['sec-websocket-protocol'], protocol)
    ? acceptedProtocol(protocol)
    : { statusCode: 406, body: 'No compatible protocol specified' };

const received = async (options: EdgeLinkOptions, link: Link, text: string): Promise<WebSocketAnswer> => {
  const { log } = options.services;
  try {
    const message = decodeFromEdge(text);
    if (message.kind === 'done') await keepResult(options.services, message);
    else await report(options, link, message);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    log.warn({ edgeId: link.edge, error: error.message }, 'an edge sent nonsense');
  }
  return done;
};

const keepResult = async ({ store, clock }: Services, result: CommandDone): Promise<void> => {
  await store.commandResults.put(result, clock.now() + resultMs);
};

const report = async (options: EdgeLinkOptions, { edge, socket }: Link, message: EdgeReport): Promise<void> => {
  const { services, edges } = options;
  const answer = await answerTo(services, edge, message);
  // Known before the edge hears that it is: whoever it calls may answer by this socket at once.
  if (message.kind === 'hello' && answer.ok) await services.store.edges.addSocket(edge, message.generation, socket);
  const delivery = await edges.post(socket, encode(answer));
  if (delivery === 'gone') services.log.info({ edgeId: edge, report: message.kind }, 'a link closed before its answer');
};

/** All reports but one change nothing the second time: a frame that was posted is not posted again. */
const answerTo = async (services: Services, edge: EdgeId, message: EdgeReport): Promise<ReportAnswer> => {
  const { store, clock } = services;
  const isNew =
    message.kind !== 'post' || (await store.nonces.use('post', `${edge} ${message.id}`, clock.now() + idempotencyMs));
  if (isNew) return handleReport(services, edge, message);
  return { kind: 'answer', id: message.id, ok: true, result: { gone: false } };
};

const disconnected = async ({ services, followUps }: EdgeLinkOptions, { edge, socket }: Link) => {
  const left = await services.store.edges.removeSocket(edge, socket);
  services.log.info({ edgeId: edge, left: left.length }, 'a link of an edge is closed');
  if (left.length === 0) await followUps.leave({ kind: 'watch-edges' }, lookAfterS);
  return done;
};
