import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AcmeCertificates } from '../adapters/local/acme-certificates.ts';
import { localEdgeSecret } from '../adapters/local/edge-secret.ts';
import type { Delivery } from '../adapters/local/host-limits.ts';
import { httpListener } from '../adapters/local/http-server.ts';
import { metricsRoute } from '../adapters/local/metrics-route.ts';
import { type OriginRule, originRule } from '../adapters/local/origins.ts';
import { SqliteStore } from '../adapters/local/sqlite-store.ts';
import { tlsSource } from '../adapters/local/tls-source.ts';
import type { WebAssets } from '../adapters/local/web-assets.ts';
import { type Config, SettingError } from '../config.ts';
import { addressRoutes } from '../http/addresses.ts';
import { adminRoutes } from '../http/admin.ts';
import { callRoutes } from '../http/calls.ts';
import { healthRoutes } from '../http/health.ts';
import { historyRoutes } from '../http/history.ts';
import { configRoutes } from '../http/public-config.ts';
import type { Route } from '../http/router.ts';
import type { Log } from '../ports/log.ts';
import type { OwnDomain } from '../signaling/own-domain.ts';
import { chooseDomain } from './domain.ts';
import { startHousekeeping } from './housekeeping.ts';
import { type Listeners, openListeners } from './listeners.ts';
import { type Wiring, wire } from './services.ts';

export interface SignalingOptions {
  readonly config: Config;
  readonly version: string;
  readonly assets: WebAssets;
  readonly log: Log;
  /** Tests deliver frames as other platforms do, and let connections age sooner. */
  readonly delivery?: Delivery;
  readonly maxAgeMs?: number;
  /** Tests have an authority of their own. */
  readonly acmeDirectoryUrl?: string;
}

export interface Signaling {
  readonly domain: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly edgeSecret: string;
  /** Ends politely: clients are told to come again, calls go on at their edges. */
  stop(): Promise<void>;
}

/** How long clients and requests get to end by themselves, in ms. */
const goodbyeMs = 2_000;

/** Starts signaling on this machine: everything but the edge. */
export const startSignaling = async (options: SignalingOptions): Promise<Signaling> => {
  const { config, log } = options;
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = new SqliteStore(join(config.dataDir, 'signaling.sqlite'));
  const domain = await chooseDomain(store.installation, config);
  const edgeSecret = config.edgeToken ?? localEdgeSecret(config.dataDir);
  const origins = ownOrigins(options, domain);
  const wiring = wire({ ...options, store, domain, origins, edgeSecret });
  const { services, metrics } = wiring;
  const web = { origins, log, done: metrics.httpDone.bind(metrics) };
  const opened = Promise.withResolvers<Listeners>();
  const httpsPort = async () => (await opened.promise).httpsPort;
  const routes = webRoutes(wiring, config, httpsPort);
  const acme = acmeCertificates(options, domain);
  const listeners = await openListeners({
    config,
    wiring,
    tls: tlsSource({ files: config.tls, acme, folder: config.dataDir, names: plainNames(domain) }),
    web: httpListener({ ...web, assets: options.assets, routes: [...routes, ...(acme ? [acme.route] : [])] }),
    control: httpListener({ ...web, routes: adminRoutes(services) }),
  });
  opened.resolve(listeners);
  const stopHousekeeping = startHousekeeping(services, store);
  return {
    domain: domain.name,
    httpPort: listeners.httpPort,
    httpsPort: listeners.httpsPort,
    edgeSecret,
    stop: async () => {
      stopHousekeeping();
      await sayGoodbye(wiring, listeners.close());
      store.close();
    },
  };
};

/** Names without the brackets that SIP puts around IPv6 addresses. */
const plainNames = (domain: OwnDomain): readonly string[] =>
  [domain.name, ...domain.aliases].map((name) => name.replace(/^\[|\]$/g, ''));

/** Pages of this server, and of the origins that the operator named. */
const ownOrigins = ({ config, log }: SignalingOptions, { name, aliases }: OwnDomain): OriginRule =>
  originRule({
    patterns: config.webOrigins,
    // Networks without a name server of their own find the machine under the second name (RFC 6762 s. 3).
    names: [name, ...aliases, `${hostname().toLowerCase()}.local`],
    onRefused: (origin) =>
      log.warn({ origin }, 'refused a page of another origin; if it is yours, name it in SYLK_WEB_ORIGINS'),
  });

const acmeCertificates = (
  { config, log, acmeDirectoryUrl }: SignalingOptions,
  { name }: OwnDomain,
): AcmeCertificates | undefined => {
  const { acmeEmail, dataDir } = config;
  if (acmeEmail === undefined) return undefined;
  if (isIP(name) || !name.includes('.')) {
    throw new SettingError('SYLK_ACME_EMAIL', acmeEmail, `to go with a host name as SYLK_DOMAIN, which is '${name}'`);
  }
  return new AcmeCertificates({ email: acmeEmail, domain: name, folder: dataDir, log, directoryUrl: acmeDirectoryUrl });
};

const webRoutes = (
  { services, metrics }: Wiring,
  config: Config,
  httpsPort: () => Promise<number>,
): readonly Route[] => [
  ...addressRoutes(services),
  ...callRoutes(services),
  ...historyRoutes(services),
  ...configRoutes(services, httpsPort),
  ...healthRoutes(services),
  metricsRoute(metrics, config.peerNetworks),
];

/** Clients first, since their end is told to the edges; then the edges; whoever does not listen is dropped. */
const sayGoodbye = async ({ host, edgeLink }: Wiring, closed: Promise<void>): Promise<void> => {
  const clients = host.closeAll();
  await atMost(clients);
  host.terminate();
  await atMost(clients);
  edgeLink.close();
  await atMost(closed);
  edgeLink.terminate();
};

const atMost = (ending: Promise<void>): Promise<void> =>
  Promise.race([ending, sleep(goodbyeMs, undefined, { ref: false })]);
