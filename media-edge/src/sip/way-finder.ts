import { parseSipAddress, type SipAddress, withoutScheme } from '@sylk/protocol/sip-address.ts';
import { parseParameters } from './message/parameters.ts';
import type { OwnAddresses } from './own-addresses.ts';
import { type Destination, type ResolverOptions, resolveTargets, type Target } from './transport/resolver.ts';
import { Unresolvable } from './transport/unresolvable.ts';

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
}

/** The user that answers every call with its own sound; the only one of our addresses that is called over our own port. */
const echoUser = 'echo';

/**
 * @returns finds the way to an address; rejects with Unresolvable
 * @throws Error when the outbound proxy is no SIP URI
 */
export function wayFinder(options: WayFinderOptions): (to: SipAddress) => Promise<Way> {
  const { resolver, own, port, isOurs, outboundProxy } = options;
  const proxy = outboundProxy === undefined ? undefined : proxyOf(outboundProxy);
  return async (to) => {
    if (to.user === echoUser && isOurs(to.host)) {
      return { targets: [{ protocol: 'UDP', address: own.main, port, isTransportFixed: true }] };
    }
    if (proxy === undefined) return { targets: await resolveTargets(destinationOfAddress(to), resolver) };
    return { targets: await resolveTargets(destinationOfAddress(proxy.address), resolver), route: proxy.route };
  };
}

/** A loose route (RFC 3261 s. 8.1.2): the proxy does not touch the Request-URI. */
function proxyOf(text: string): { address: SipAddress; route: string } {
  const address = parseSipAddress(withoutScheme(text));
  if (address === undefined)
    throw new Error(`not a SIP proxy: '${text}', expected for instance sip:proxy.example.org;transport=tcp`);
  const hostAndPort = `${address.host}${address.port === undefined ? '' : `:${address.port}`}`;
  return { address, route: `<sip:${hostAndPort}${address.parameters};lr>` };
}

/** @throws Unresolvable for a transport that we do not speak */
function destinationOfAddress({ host, port, parameters }: SipAddress): Destination {
  const { transport: named } = parseParameters(parameters) ?? {};
  const transport = named?.toUpperCase();
  if (transport !== undefined && transport !== 'UDP' && transport !== 'TCP') {
    throw new Unresolvable(`transport ${named} is not spoken, expected udp or tcp`, { code: 503 });
  }
  return { host: host.replace(/^\[|\]$/g, ''), port, ...(transport === undefined ? {} : { transport }) };
}
