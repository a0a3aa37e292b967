import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { ServiceAnswer } from './service-answer.ts';
import { refusal } from './service-answer.ts';
import { maxMessageBytes } from './socket.ts';
import type { SocketApi } from './socket-api.ts';

export interface ConnectionRequest {
  readonly method: string;
  /** Of the connection. */
  readonly id: string;
  readonly body: Buffer;
  /** Of whoever asks. */
  readonly process: string;
}

/** Posts a message to a connection, closes it, or tells about it: `/@connections/<id>` of an API. */
export const answerConnections = (
  api: SocketApi,
  { faults, ledger }: { readonly faults: Faults; readonly ledger: Ledger },
  { method, id, body, process }: ConnectionRequest,
): ServiceAnswer => {
  if (!/^[\w-]{15}=$/.test(id)) return refusal(400, 'BadRequestException', `Invalid connectionId: ${id}`);
  if (faults.refusesPost()) return refusal(429, 'LimitExceededException', 'Too Many Requests');
  const socket = api.find(id);
  if (socket === undefined) return refusal(410, 'GoneException');
  if (method === 'POST' && faults.cutsOnPost()) {
    socket.cut();
    return refusal(410, 'GoneException');
  }
  switch (method) {
    case 'POST':
      if (body.length > maxMessageBytes) return refusal(413, 'PayloadTooLargeException');
      ledger.messageOut(process, body.length);
      socket.send(body.toString('utf8'));
      return { status: 200, body: '' };
    case 'DELETE':
      socket.close(1000, '');
      return { status: 204, body: '' };
    case 'GET':
      return { status: 200, body: JSON.stringify(factsOf(socket)) };
    default:
      return refusal(403, 'ForbiddenException');
  }
};

const factsOf = ({ facts, lastActiveAt }: NonNullable<ReturnType<SocketApi['find']>>) => ({
  connectedAt: new Date(facts.connectedAt).toISOString(),
  identity: { sourceIp: facts.sourceIp, userAgent: facts.userAgent ?? '' },
  lastActiveAt: new Date(lastActiveAt).toISOString(),
});
