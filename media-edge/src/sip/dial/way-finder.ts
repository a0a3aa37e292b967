import { parseSipAddress, type SipAddress, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { CallDomains } from '../../network/call-domains.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { parseParameters } from '../message/parameters.ts';
import type { OwnAddresses } from '../own-addresses.ts';
import { destinationOf, isSipsUri } from '../transport/outgoing-text.ts';
import { type Destination, type ResolverOptions, resolveTargets, type Target } from '../transport/resolver.ts';
import { Unresolvable } from '../transport/unresolvable.ts';

/** Where an address is served, best first, and the Route to it by an outbound proxy. */
export interface Way {
  readonly targets: readonly Target[];
  readonly route?: string;
}

export interface WayFinderOptions {
  readonly resolver: ResolverOptions;
  readonly own: OwnAddresses;
  /** Our SIP port. */
  readonly port: number;
  readonly isOurs: (host: string) => boolean;
  /** A SIP URI, with or without scheme. */
  readonly outboundProxy?: string;
  /** Whose addresses may be called; absent: everybody's. */
  readonly destinations?: CallDomains | undefined;
}

/** The user that answers every call with its own sound; the only one of our addresses that is called over our own port. */
const echoUser = 'echo';

/**
 * @param isSips every hop to it has to be secure (RFC 5630 s. 3.2)
 * @param routes loose routes that it goes by, in angle brackets, first hop first; the outbound proxy is left out then
 * @throws Unresolvable
 */
export type FindWay = (to: SipAddress, isSips?: boolean, routes?: readonly string[]) => Promise<Way>;

/** @throws Error when the outbound proxy is no SIP URI */
export function wayFinder(options: WayFinderOptions): FindWay {
  const { resolver, own, port, isOurs, outboundProxy, destinations } = options;
  const proxy = outboundProxy === undefined ? undefined : proxyOf(outboundProxy);
  return async (to, isSips = false, routes = []) => {
    if (routes.length > 0) return byRoutes(routes, isSips, resolver);
    if (to.user === echoUser && isOurs(to.host)) {
      return { targets: [{ protocol: 'UDP', address: own.main, port, isTransportFixed: true }] };
    }
    const refusal = destinations?.refusal(to.host);
    if (refusal !== undefined) throw new Unresolvable(refusal, { code: 403 });
    if (proxy === undefined) return { targets: await resolveTargets(destinationOfAddress(to, isSips), resolver) };
    const destination = destinationOfAddress(proxy.address, isSips || proxy.isSips);
    return { targets: await resolveTargets(destination, resolver), route: proxy.route };
  };
}

/** @returns in words why the domain of an address cannot be found, `undefined` if it can */
export async function lookUpProblem(findWay: FindWay, to: string): Promise<string | undefined> {
  const address = parseSipAddress(to);
  if (address === undefined) return `not an address: '${to}', expected user@domain`;
  try {
    await findWay(address, isSipsUri(to));
    return undefined;
  } catch (error) {
    // A network that may not be called was found all the same: that is for the call to say.
    if (error instanceof Unresolvable) return error.code === 403 ? undefined : error.message;
    throw error;
  }
}

async function byRoutes(routes: readonly string[], isSips: boolean, resolver: ResolverOptions): Promise<Way> {
  const [first = ''] = routes;
  const uri = parseNameAddr(first)?.uri;
  const destination = uri && destinationOf(uri, isSips || uri.scheme === 'sips');
  if (destination === undefined) throw new Unresolvable(`no way by the route ${first}`, { code: 503 });
  return { targets: await resolveTargets(destination, resolver), route: routes.join(', ') };
}

/** A loose route (RFC 3261 s. 8.1.2): the proxy does not touch the Request-URI. */
function proxyOf(text: string): { address: SipAddress; isSips: boolean; route: string } {
  const address = parseSipAddress(withoutScheme(text));
  if (address === undefined)
    throw new Error(`not a SIP proxy: '${text}', expected for instance sip:proxy.example.org;transport=tcp`);
  const hostAndPort = `${address.host}${address.port === undefined ? '' : `:${address.port}`}`;
  const isSips = isSipsUri(text);
  return { address, isSips, route: `<${isSips ? 'sips' : 'sip'}:${hostAndPort}${address.parameters};lr>` };
}

/** @throws Unresolvable for a transport that we do not speak */
function destinationOfAddress({ host, port, parameters }: SipAddress, isSips: boolean): Destination {
  const named = parseParameters(parameters) ?? {};
  const destination = destinationOf({ host, port, getParam: (name) => named[name] }, isSips);
  if (destination !== undefined) return destination;
  const allowed = isSips ? 'tls, as the address is a sips one' : 'udp, tcp or tls';
  throw new Unresolvable(`transport ${named.transport} is not spoken, expected ${allowed}`, { code: 503 });
}
