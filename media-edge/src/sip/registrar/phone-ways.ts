import { isIP } from 'node:net';
import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import type { Way } from '../dial/way-finder.ts';
import { parseNameAddr } from '../message/name-addr.ts';
import { parseUri, type WireUri } from '../message/wire-uri.ts';
import { type Flow, hostPort } from '../transport/flow.ts';
import { destinationOf } from '../transport/outgoing-text.ts';
import { type ResolverOptions, resolveTargets, type Target } from '../transport/resolver.ts';
import { Unresolvable } from '../transport/unresolvable.ts';
import type { FlowTokens } from './flow-token.ts';

export interface PhoneWaysOptions {
  readonly tokens: FlowTokens;
  readonly resolver: ResolverOptions;
  readonly now: () => number;
  /** The open flow of this id. */
  readonly find: (id: string) => Flow | undefined;
  /** Where other edges reach us: an IP literal, and the port of UDP and TCP. */
  readonly own: () => { readonly address: string; readonly port: number };
  readonly isOwn: (host: string, port: number | undefined) => boolean;
  readonly isTrusted: (address: string) => boolean;
}

/** The way from us to a phone: by the flow it came by, by the proxies between, or to its Contact. */
export class PhoneWays {
  readonly #options: PhoneWaysOptions;

  constructor(options: PhoneWaysOptions) {
    this.#options = options;
  }

  /** What other edges have to put into Route to reach a phone that registers by `flow`; empty: nothing. */
  back(flow: Flow, contact: WireUri, how: { readonly isOutbound: boolean; readonly expiresAt: number }): string[] {
    if (!how.isOutbound && !this.#needsFlow(flow, contact)) return [];
    const { tokens, own } = this.#options;
    const { address, port } = own();
    return [`<sip:${tokens.write({ flow: flow.id, expiresAt: how.expiresAt })}@${hostPort(address, port)};lr>`];
  }

  /** @throws Unresolvable */
  async to(place: Pick<PhonePlace, 'contact' | 'path' | 'regId'>): Promise<Way> {
    const [first] = place.path;
    const flow = first === undefined ? undefined : this.flowOf(first);
    if (flow?.isOpen) return { targets: [targetBy(flow)] };
    const isGone = first !== undefined && this.#isOurs(first);
    // RFC 5626 s. 5.3: such a phone is reached by its flows and by nothing else.
    if (isGone && place.regId !== undefined)
      throw new Unresolvable('the phone has closed its connection', { code: 404 });
    if (first === undefined || isGone) return { targets: await this.#resolve(parseUri(place.contact), place.contact) };
    const uri = parseNameAddr(first)?.uri;
    return { targets: await this.#resolve(uri, first), route: place.path.join(', ') };
  }

  /** The flow that a Route of ours names, if we wrote it and it is still open. */
  flowOf(route: string): Flow | undefined {
    const { tokens, now, find } = this.#options;
    const user = this.#isOurs(route) ? parseNameAddr(route)?.uri.user : undefined;
    const grant = user ? tokens.read(user, now()) : undefined;
    return grant && find(grant.flow);
  }

  #isOurs(route: string): boolean {
    const uri = parseNameAddr(route)?.uri;
    return uri !== undefined && this.#options.isOwn(uri.host, uri.port);
  }

  #resolve(uri: Parameters<typeof destinationOf>[0] | undefined, text: string): Promise<Target[]> {
    const destination = uri && destinationOf(uri, /^<?sips:/i.test(text));
    if (destination === undefined) throw new Unresolvable(`no way to ${text}`, { code: 404 });
    return resolveTargets(destination, this.#options.resolver);
  }

  /**
   * A connection is there already, and behind a NAT the Contact is of no use. Phones in the operator's own networks
   * are believed where they say they are; others must not point us at somebody else.
   */
  #needsFlow({ peer }: Flow, contact: WireUri): boolean {
    const host = contact.host.replace(/^\[|\]$/g, '');
    if (peer.protocol !== 'UDP' || isIP(host) === 0) return true;
    const isElsewhere = host !== peer.address || (contact.port ?? 5060) !== peer.port;
    return isElsewhere && !this.#options.isTrusted(peer.address);
  }
}

const targetBy = (flow: Flow): Target => ({
  ...flow.peer,
  isTransportFixed: true,
  flow,
  ...(flow.identities[0] === undefined ? {} : { domain: flow.identities[0] }),
});
