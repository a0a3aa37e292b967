import { createHmac, randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { ReportResults } from '@sylk/protocol/edge/reports.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import { type Config, SettingError, wrongSetting } from '../config.ts';
import { probe } from '../echo/probe.ts';
import { EdgeSeats } from '../exchange/call-seats.ts';
import { Exchange } from '../exchange/exchange.ts';
import { Ladders } from '../ladder/ladders.ts';
import { Commands } from '../link/commands.ts';
import { EdgeLink } from '../link/edge-link.ts';
import { LinkedSignaling } from '../link/linked-signaling.ts';
import { callDomains } from '../network/call-domains.ts';
import { ownPrivateNetworks, peerNetworks } from '../network/peer-networks.ts';
import type { Log } from '../ports/log.ts';
import type { Sfu } from '../ports/sfu.ts';
import { Sessions } from '../session/sessions.ts';
import { type GatewaySipEndpoint, openSipEndpoint } from '../sip/sip-endpoint.ts';
import { browserDelivery } from './cloud.ts';
import { commandHandlers } from './command-handlers.ts';
import { localSecret, ownEdgeId } from './identity.ts';
import { reportLoad } from './load-report.ts';
import { browserPorts, startMedia } from './media.ts';
import { EdgeMetrics } from './metrics.ts';
import { openMetricsPort } from './metrics-port.ts';
import { KnownNames } from './own-names.ts';
import { refusalToBrowser } from './refused-requests.ts';
import { reportRegistrations } from './registrations.ts';
import { sendPage } from './send-page.ts';
import { bindAddresses, probeAddress } from './sip-addresses.ts';
import { sipTls } from './sip-tls.ts';
import { drain, stopPolitely } from './stop.ts';
import { systemClock as clock } from './system-clock.ts';
import { takeMessages } from './take-messages.ts';
import { readTrunksSetting } from './trunks-setting.ts';

export interface EdgeOptions {
  readonly config: Config;
  readonly version: string;
  readonly log: Log;
}

export interface RunningEdge {
  readonly edge: EdgeId;
  /** Resolves once signaling has taken the edge in, with our domain. */
  readonly ready: Promise<{ readonly domain: string }>;
  /**
   * Waits for calls to end if the settings want that, ends what is left politely, and then everything else.
   *
   * @param hurry ends the wait
   */
  stop(hurry: AbortSignal): Promise<void>;
}

/** Opens the ports and begins to dial signaling. @throws Error that says which port or program is not to be had */
export async function startEdge(options: EdgeOptions): Promise<RunningEdge> {
  const { config, log } = options;
  const names = new KnownNames(config.sipPort);
  const sfu = await startMedia(config, log);
  const sip = await openSip(options, names);
  const wired = wire({ ...options, names, sfu, sip, deliver: await browserDelivery(config) });
  const { metrics, health, load, exchange } = wired;
  const closeMetrics = config.metricsPort ? await openMetricsPort(config.metricsPort, metrics, health) : undefined;
  const stopReports = reportLoad(load, log);
  wired.link.open();
  return {
    edge: wired.edge,
    ready: wired.ready,
    stop: async (hurry) => {
      await drain(exchange, config.drainSeconds * 1000, hurry);
      await stopPolitely({ ...wired, sip, sfu });
      stopReports();
      closeMetrics?.();
    },
  };
}

async function openSip({ config, version, log }: EdgeOptions, names: KnownNames): Promise<GatewaySipEndpoint> {
  const networks = peerNetworks(config.peerNetworks ?? ownPrivateNetworks(interfaces()));
  try {
    return await openSipEndpoint({
      addresses: bindAddresses(config.sipAddress),
      port: config.sipPort,
      tls: sipTls(config, networks, log),
      publicAddress: config.publicAddress,
      networks,
      destinations: callDomains(config.callDomains),
      callsPerSource: config.callsPerSource,
      browserPorts: browserPorts(config),
      isOurDomain: names.has,
      outboundProxy: config.sipProxy,
      media: config.sipMedia,
      digest: config.sipDigest,
      ...(config.trunks !== undefined && { trunks: readTrunksSetting(config.trunks) }),
      userAgent: `Sylk gateway ${version}`,
      log,
      clock,
    });
  } catch (cause) {
    if (cause instanceof SettingError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    if (why.startsWith('cannot listen on tls'))
      throw wrongSetting('SYLK_SIPS_PORT', String(config.sipsPort), `a port that is free for TCP (${why})`, cause);
    const expected = `a port that is free for UDP and TCP (${why})`;
    throw wrongSetting('SYLK_SIP_PORT', String(config.sipPort), expected, cause);
  }
}

interface Parts extends EdgeOptions {
  readonly names: KnownNames;
  readonly sfu: Sfu;
  readonly sip: GatewaySipEndpoint;
  readonly deliver: Awaited<ReturnType<typeof browserDelivery>>;
}

/** Puts calls, sessions and the link together. Some of them need each other, so they are reached by functions. */
function wire({ config, version, log, names, sfu, sip, deliver }: Parts) {
  const edge = ownEdgeId(config.dataDir);
  const taken = Promise.withResolvers<ReportResults['hello']>();
  const secret = config.edgeToken ?? localSecret(config.dataDir);
  const link: EdgeLink = new EdgeLink({
    url: config.edgeUrl,
    edge,
    version,
    clock,
    log,
    hmac: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
    newId: () => randomBytes(16).toString('base64url'),
    load: () => ({ calls: exchange.size, cpu: sfu.cpuLoad(), draining: exchange.isDraining }),
    command: (command) => commands.take(command),
    onHello: (hello) => {
      names.learn(hello);
      sip.phones.serve({ accounts: signaling, domain: hello.domain, secret });
      taken.resolve(hello);
    },
    onLost: () => {
      sessions.abandon();
      exchange.endAll(lost);
    },
  });
  const generation = () => link.generation;
  const isInCharge = (life: number) => link.isInCharge(life);
  const signaling = new LinkedSignaling({ reports: link.reports, edge, generation, isInCharge, log, deliver });
  const sessions: Sessions = new Sessions({
    clock,
    signaling,
    log,
    open: (session, request) => exchange.open(session, request),
    trace: (...entry) => exchange.trace(...entry),
  });
  reportRegistrations(sip.registrations, signaling, log);
  const metrics = new EdgeMetrics({
    calls: () => exchange.size,
    sessions: () => sessions.size,
    workerLoad: () => sfu.cpuLoad(),
    hasLink: () => link.isUp,
    sip: () => ({ counts: { ...sip.counts }, connections: { ...sip.connections } }),
  });
  const own = () => names.now;
  const hasLease = () => link.hasLease;
  const exchange: Exchange = new Exchange({
    sfu,
    sip,
    signaling,
    sessions,
    clock,
    log,
    observer: metrics,
    seats: new EdgeSeats(clock, config.callLimits),
    ladders: new Ladders(clock),
    own,
    hasLease,
  });
  takeMessages({ sip: sip.messages, signaling, own, hasLease, clock, log });
  const runProbe = () =>
    probe({ address: probeAddress(config.sipAddress), port: config.sipPort, domain: names.now.domain });
  const asked = { probe: runProbe, page: sendPage(sip.messages, signaling) };
  const handlers = commandHandlers(exchange, sessions, sip.registrations, asked);
  const commands: Commands = new Commands({ clock, log, handlers, refused: refusalToBrowser(signaling, sessions) });
  const health = () => healthOf(link, exchange);
  const load = () => loadOf(exchange, sessions, sfu);
  return { edge, link, signaling, exchange, metrics, load, health, ready: taken.promise };
}

const loadOf = (exchange: Exchange, sessions: Sessions, sfu: Sfu) => ({
  calls: exchange.size,
  sessions: sessions.size,
  workerLoad: sfu.cpuLoad(),
  draining: exchange.isDraining,
});

const healthOf = (link: EdgeLink, exchange: Exchange) => ({
  isWell: link.hasLease || exchange.size > 0,
  isReady: link.hasLease && !exchange.isDraining,
});

const interfaces = () => Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);

const lost: EndCause = { ...causeOf(503, 'gateway', 'signaling declared this edge lost'), phrase: 'Media server lost' };
