import { maxConnectionAgeMs } from '@sylk/protocol/limits.ts';
import { EdgeLinkServer } from '../adapters/local/edge-link-server.ts';
import { type Delivery, hostLimits } from '../adapters/local/host-limits.ts';
import { Metrics } from '../adapters/local/metrics.ts';
import { hmacWith, nodeCrypto } from '../adapters/local/node-crypto.ts';
import { nodeVault } from '../adapters/local/node-vault.ts';
import type { OriginRule } from '../adapters/local/origins.ts';
import type { SqliteStore } from '../adapters/local/sqlite-store.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import { type HostHandlers, WebSocketHost } from '../adapters/local/websocket-host.ts';
import type { Config } from '../config.ts';
import type { Log } from '../ports/log.ts';
import { connectionClosed, connectionOpened, hasBackend } from '../signaling/connection.ts';
import { dispatch } from '../signaling/dispatch.ts';
import { EdgeDirectory } from '../signaling/edge/directory.ts';
import { handleReport } from '../signaling/edge-events.ts';
import type { OwnDomain } from '../signaling/own-domain.ts';
import type { Services } from '../signaling/services.ts';

export interface Parts {
  readonly config: Config;
  readonly version: string;
  readonly log: Log;
  readonly store: SqliteStore;
  readonly domain: OwnDomain;
  readonly origins: OriginRule;
  /** Shared with the edges. */
  readonly edgeSecret: string;
  /** Tests deliver frames as other platforms do, and let connections age sooner. */
  readonly delivery?: Delivery;
  readonly maxAgeMs?: number;
}

export interface Wiring {
  readonly services: Services;
  readonly host: WebSocketHost;
  readonly edgeLink: EdgeLinkServer;
  readonly metrics: Metrics;
}

/** Puts signaling and its local adapters together; nothing listens yet. */
export const wire = (parts: Parts): Wiring => {
  const { store, domain, config, log, maxAgeMs = maxConnectionAgeMs, delivery } = parts;
  const startedAt = systemClock.now();
  const directory = new EdgeDirectory(store.edges, systemClock);
  const metrics = new Metrics({
    connections: () => host.size,
    edges: async () => (await directory.alive()).map(({ edge, load }) => ({ edge, calls: load.calls })),
  });
  const edgeLink = new EdgeLinkServer({
    hmac: hmacWith(parts.edgeSecret),
    nonces: store.nonces,
    clock: systemClock,
    log,
    report: (edge, report) => handleReport(services, edge, report),
  });
  const host = new WebSocketHost({
    handlers: hostHandlers(() => services, metrics, startedAt),
    origins: parts.origins,
    limits: hostLimits(maxAgeMs, config.connectionsPerAddress),
    newId: () => nodeCrypto.token(12),
    delivery,
  });
  const services: Services = {
    store,
    clock: systemClock,
    crypto: nodeCrypto,
    sender: host,
    edgeLink,
    directory,
    domain,
    log,
    observer: metrics,
    vault: nodeVault(async () => parts.edgeSecret),
    settings: {
      version: parts.version,
      providers: config.providers,
      webOrigin: webOriginOf(config, domain),
      callsPerMinute: config.callsPerMinute,
      addressesPerHour: config.addressesPerHour,
      maxConnectionAgeMs: maxAgeMs,
      isOrdered: !delivery?.isParallel,
    },
  };
  return { services, host, edgeLink, metrics };
};

const webOriginOf = ({ httpsPort }: Config, { name }: OwnDomain): string =>
  `https://${name}${httpsPort === 443 ? '' : `:${httpsPort}`}`;

const hostHandlers = (services: () => Services, metrics: Metrics, startedAt: number): HostHandlers => ({
  hasBackend: () => hasBackend(services(), startedAt),
  opened: (connection, network) => connectionOpened(services(), connection, network),
  received: (connection, request) => dispatch(services(), connection, request),
  closed: (connection) => connectionClosed(services(), connection),
  refused: (status) => metrics.handshakeRefused(status),
  ignored: (connection, why) => {
    metrics.frameIgnored(why);
    services().log.debug({ connectionId: connection, why }, 'a frame was ignored');
  },
  broken: (connection, error) => {
    services().log.debug({ connectionId: connection, error: error.message }, 'a connection broke');
  },
  failed: (connection, error) => {
    services().log.error({ connectionId: connection, err: error }, 'a connection was not looked after');
  },
});
