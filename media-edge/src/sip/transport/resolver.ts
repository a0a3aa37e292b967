import { isIP } from 'node:net';
import type { PeerNetworks } from '../../network/peer-networks.ts';
import type { Dns, SrvRecord } from './dns.ts';
import { defaultPort, type Endpoint, type Flow, type Protocol } from './flow.ts';
import { Unresolvable } from './unresolvable.ts';

/** Where a SIP URI (or a Route) points, before DNS. */
export interface Destination {
  /** Name or IP literal, without brackets. */
  readonly host: string;
  readonly port?: number;
  /** From `;transport=`, or `TLS` for a `sips` URI; others than these three are not spoken. */
  readonly transport?: Protocol;
}

/** A place to send to, found and allowed. */
export interface Target extends Endpoint {
  /** True if the URI or DNS named the transport: a large request may not change it (RFC 3261 s. 18.1.1). */
  readonly isTransportFixed: boolean;
  /** Over TLS, whom the peer's certificate has to name: the host of the URI, not what DNS made of it (RFC 5922 s. 4). */
  readonly domain?: string;
  /** Used as long as it is open, such as the connection by which a phone has registered (RFC 5626 s. 5.3). */
  readonly flow?: Flow;
}

export interface ResolverOptions {
  readonly dns: Dns;
  readonly networks: PeerNetworks;
  /** True for our own SIP port: a request to it would come back to us. */
  readonly isOwn: (target: Endpoint) => boolean;
  /** 0 <= x < 1; orders servers of equal priority by weight. */
  readonly random: () => number;
  /** Whether TLS is spoken; absent: it is not. */
  readonly hasTls?: boolean;
  /** False for an IP version that we have no socket for; absent: both are bound. */
  readonly reaches?: (address: string) => boolean;
  /** Puts servers that failed lately behind the others. */
  readonly order?: (targets: readonly Target[]) => Target[];
}

/** No destination needs more servers than that, whatever its DNS says. */
const maxServers = 8;
const maxTargets = 10;

/**
 * Finds the servers of a destination, best first (RFC 3263 s. 4).
 * Addresses are checked after DNS; what is returned is what must be used.
 *
 * @throws Unresolvable when there is none, or none that may be called
 */
export async function resolveTargets(destination: Destination, options: ResolverOptions): Promise<Target[]> {
  if (destination.transport === 'TLS' && !options.hasTls)
    throw new Unresolvable('tls is not spoken here, expected udp or tcp', { code: 503 });
  const found = (await candidates(destination, options)).slice(0, maxTargets);
  if (found.length === 0) throw new Unresolvable(`no such host: ${destination.host}`, { code: 404 });
  const refusals = found.map((target) => refusal(target, options));
  const allowed = found.filter((_, index) => refusals[index] === undefined);
  if (allowed.length === 0) throw new Unresolvable(refusals[0] ?? 'refused', { code: 403 });
  const reached = allowed.filter(({ address }) => options.reaches?.(address) ?? true);
  const [unreached] = allowed;
  if (reached.length === 0 && unreached !== undefined)
    throw new Unresolvable(`no way to ${unreached.address}: SIP listens on no address of its IP version`, {
      code: 503,
    });
  return options.order?.(reached) ?? reached;
}

function refusal(target: Target, { networks, isOwn }: ResolverOptions): string | undefined {
  if (isOwn(target)) return `${target.address} port ${target.port} is this gateway itself`;
  return networks.refusal(target.address);
}

async function candidates(destination: Destination, options: ResolverOptions): Promise<Target[]> {
  const { host, port, transport } = destination;
  const { dns } = options;
  const protocol = transport ?? 'UDP';
  const direct = {
    protocol,
    port: port ?? defaultPort(protocol),
    isTransportFixed: transport !== undefined,
    ...(protocol === 'TLS' ? { domain: host } : {}),
  } as const;
  if (isIP(host) !== 0) return [{ ...direct, address: host }];
  if (port === undefined) {
    const servers = await serversOf(destination, options);
    const found = await Promise.all(servers.map((server) => atServer(server, host, dns)));
    if (found.flat().length > 0) return found.flat();
  }
  return (await dns.addresses(host)).map((address) => ({ ...direct, address }));
}

interface Server {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

async function atServer({ protocol, host, port }: Server, domain: string, dns: Dns): Promise<Target[]> {
  const addresses = isIP(host) === 0 ? await dns.addresses(host) : [host];
  const shared = { protocol, port, isTransportFixed: true, ...(protocol === 'TLS' ? { domain } : {}) } as const;
  return addresses.map((address) => ({ ...shared, address }));
}

/** RFC 3263 s. 4.1: the transport is given, or NAPTR tells it, or whatever has SRV records. */
async function serversOf({ host, transport }: Destination, options: ResolverOptions): Promise<Server[]> {
  const { dns, random, hasTls = false } = options;
  const named = transport === undefined || transport === 'TLS' ? await namedServices(host, dns) : [];
  const services = named.filter(
    ({ protocol }) => (transport ?? protocol) === protocol && (protocol !== 'TLS' || hasTls),
  );
  const names = services.length > 0 ? services : guessedServices(host, transport, hasTls);
  const perService = await Promise.all(
    names.map(async ({ name, protocol }) =>
      byWeight(await dns.srv(name), random).map((record) => ({ protocol, host: record.name, port: record.port })),
    ),
  );
  return perService.flat().slice(0, maxServers);
}

interface Service {
  readonly name: string;
  readonly protocol: Protocol;
}

async function namedServices(host: string, dns: Dns): Promise<Service[]> {
  const records = (await dns.naptr(host)).toSorted((a, b) => a.order - b.order || a.preference - b.preference);
  return records.flatMap(({ service, flags, replacement }) => {
    const protocol = naptrServices.get(service.toUpperCase());
    return protocol !== undefined && flags.toLowerCase() === 's' ? [{ name: replacement, protocol }] : [];
  });
}

const naptrServices = new Map<string, Protocol>([
  ['SIP+D2U', 'UDP'],
  ['SIP+D2T', 'TCP'],
  ['SIPS+D2T', 'TLS'],
]);

/** Where nobody says which transport is best: the one that nobody else can read, then the one that every phone has. */
function guessedServices(host: string, transport: Protocol | undefined, hasTls: boolean): Service[] {
  const all: Service[] = [
    { name: `_sips._tcp.${host}`, protocol: 'TLS' },
    { name: `_sip._udp.${host}`, protocol: 'UDP' },
    { name: `_sip._tcp.${host}`, protocol: 'TCP' },
  ];
  return all.filter(({ protocol }) =>
    transport === undefined ? protocol !== 'TLS' || hasTls : transport === protocol,
  );
}

/** RFC 2782: lowest priority first; within one, drawn by weight. A target of `.` means that there is no service. */
function byWeight(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const waiting = records.filter(({ name }) => name !== '' && name !== '.');
  const priorities = [...new Set(waiting.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawn(
      waiting.filter((record) => record.priority === priority),
      random,
    ),
  );
}

function drawn(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const [only] = records;
  if (records.length < 2) return only === undefined ? [] : [only];
  // The RFC has weights of 0 stand first, so that they are drawn now and then.
  const sorted = records.toSorted((a, b) => Math.sign(a.weight) - Math.sign(b.weight));
  const mark = Math.floor(random() * (weightOf(sorted) + 1));
  const chosen = sorted.find((_, index) => weightOf(sorted.slice(0, index + 1)) >= mark) ?? only;
  return chosen === undefined
    ? []
    : [
        chosen,
        ...drawn(
          sorted.filter((record) => record !== chosen),
          random,
        ),
      ];
}

const weightOf = (records: readonly SrvRecord[]): number => records.reduce((sum, { weight }) => sum + weight, 0);
