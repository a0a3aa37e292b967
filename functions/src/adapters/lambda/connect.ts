import { connectionId } from '@sylk/protocol/ids.ts';
import { maxConnectionsPerAddress } from '@sylk/protocol/limits.ts';
import type { FollowUps } from '../../ports/follow-ups.ts';
import { hasBackend, recordConnection } from '../../signaling/connection.ts';
import type { Services } from '../../signaling/services.ts';
import { lowerCased, type WebSocketAnswer, type WebSocketEvent } from './events.ts';
import { acceptedProtocol, offersProtocol } from './sub-protocol.ts';
import { type Front, visitorAddress } from './visitor.ts';

export interface ConnectOptions {
  readonly services: Services;
  readonly followUps: FollowUps;
  /** Whether a page of this origin may use the server. */
  isOriginAllowed(origin: string | undefined, host: string | undefined): boolean;
  /** What quotas count: an IPv4 address, or the /64 of an IPv6 one. */
  networkOf(address: string): string;
  front(): Promise<Front | undefined>;
  readonly connectionsPerAddress?: number;
}

const protocol = 'sylkRTC-2';

/** API Gateway does not say how many connections a network has, so those that it opens are counted. */
const windowMs = 60_000;

/** `$connect`: decides whether a browser's WebSocket opens. Its greeting follows, since nothing can be sent before. */
export const connectHandler =
  (options: ConnectOptions) =>
  async (event: WebSocketEvent): Promise<WebSocketAnswer> => {
    const { services, followUps } = options;
    const headers = lowerCased(event.headers);
    const peer = event.requestContext.identity?.sourceIp ?? '';
    const network = options.networkOf(visitorAddress(headers, peer, await options.front()));
    const refusal = await refusalOf(options, headers, network);
    if (refusal !== undefined) {
      services.log.info({ network, status: refusal.statusCode }, 'a connection was refused');
      return refusal;
    }
    const connection = connectionId(event.requestContext.connectionId);
    await recordConnection(services, connection, network);
    await followUps.leave({ kind: 'ready', connection, attempt: 1 }, 0);
    return acceptedProtocol(protocol);
  };

const refusalOf = async (
  options: ConnectOptions,
  { origin, host, 'sec-websocket-protocol': offered }: Readonly<Record<string, string | undefined>>,
  network: string,
): Promise<WebSocketAnswer | undefined> => {
  if (!options.isOriginAllowed(origin, host)) return refused(403, 'Origin is not allowed');
  if (!offersProtocol(offered, protocol)) return refused(406, 'No compatible protocol specified');
  if (!(await hasRoom(options, network))) return refused(429, 'Too many connections, try again later');
  if (!(await hasBackend(options.services, 0))) return refused(503, 'Backend is not connected');
  return undefined;
};

const hasRoom = async ({ services, connectionsPerAddress }: ConnectOptions, network: string): Promise<boolean> => {
  const { store, clock, observer } = services;
  const quota = { kind: 'connections', windowMs, limit: connectionsPerAddress ?? maxConnectionsPerAddress };
  const { granted } = await store.quotas.take(quota, network, clock.now());
  if (!granted) observer.quotaReached(quota.kind);
  return granted;
};

const refused = (statusCode: number, body: string): WebSocketAnswer => ({ statusCode, body });
