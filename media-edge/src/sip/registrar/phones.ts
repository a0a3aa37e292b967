import type { DigestAlgorithm } from '@sylk/protocol/digest-claim.ts';
import { toAor, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { telephoneNumber } from '../../call/telephone-number.ts';
import type { PeerNetworks } from '../../network/peer-networks.ts';
import { sourceNetwork } from '../../network/source-network.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PhoneAccounts, PhoneClaim } from '../../ports/phone-accounts.ts';
import type { DialOptions } from '../../ports/sip-endpoint.ts';
import type { FindWay } from '../dial/way-finder.ts';
import type { StatelessReply } from '../message/stateless-reply.ts';
import { parseUri } from '../message/wire-uri.ts';
import type { OwnAddresses } from '../own-addresses.ts';
import type { Flow } from '../transport/flow.ts';
import type { Flows } from '../transport/flows.ts';
import type { ResolverOptions } from '../transport/resolver.ts';
import type { TrunkCall, Trunks } from '../trunk/trunks.ts';
import { FlowTokens } from './flow-token.ts';
import { PasswordDesk } from './password-desk.ts';
import { PhoneWays } from './phone-ways.ts';
import type { ContactLife } from './register-order.ts';
import { RegisteredSources } from './registered-sources.ts';
import { Registrar } from './registrar.ts';

export interface PhonesOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: Flows;
  readonly resolver: ResolverOptions;
  readonly own: OwnAddresses;
  readonly publicAddress?: string;
  readonly networks: PeerNetworks;
  readonly isOurs: (host: string) => boolean;
  readonly core: Core.UserAgentCore;
  readonly trunks?: Trunks | undefined;
  readonly contactLife?: ContactLife | undefined;
  readonly digest?: readonly DigestAlgorithm[];
}

/** Who looks after the accounts of our domain. */
export interface OwnDomainService {
  readonly accounts: PhoneAccounts;
  /** Our domain, the realm of passwords. */
  readonly domain: string;
  /** The secret of the installation: edges believe each other's flow tokens. */
  readonly secret: string;
}

export const usualContactLife: ContactLife = { min: 60, max: 3600, usual: 3600 };

/** A phone that calls, or the phone that is called by another edge: what is known of a request besides what it says. */
export interface PhoneInvite {
  readonly claim?: PhoneClaim;
  /** The trunk that it came by. */
  readonly trunk?: TrunkCall;
  /** Another edge wants the phone at the other end of a flow of ours to be called. */
  readonly toFlow?: string;
}

const placedOn = new Set(['INVITE', 'MESSAGE']);

interface Serving {
  readonly domain: string;
  readonly registrar: Registrar;
  readonly desk: PasswordDesk;
  readonly ways: PhoneWays;
}

/** Phones at our domain: they register, they call, and they are called. */
export class Phones {
  readonly #options: PhonesOptions;
  readonly #sources: RegisteredSources;
  readonly #invites = new WeakMap<Core.IncomingRequestMessage, PhoneInvite>();
  #serving: Serving | undefined;

  constructor(options: PhonesOptions) {
    this.#options = options;
    this.#sources = new RegisteredSources(options.clock);
  }

  /** Begins to take phones in; before, they are asked to come later. */
  serve({ accounts, domain, secret }: OwnDomainService): void {
    // Told with each new link to signaling: nonces that are out there stay good.
    if (this.#serving?.domain === domain) return;
    const { clock, log, contactLife: life = usualContactLife, digest = ['MD5'] } = this.#options;
    const desk = new PasswordDesk({ clock, realm: domain, algorithms: digest, isOurs: (uri) => this.#isOwnUri(uri) });
    const ways = this.#makeWays(new FlowTokens(secret));
    const registrar = new Registrar({ clock, log, accounts, desk, ways, sources: this.#sources, life });
    this.#serving = { domain, registrar, desk, ways };
  }

  /** Addresses that phones have registered from. */
  get sources(): Iterable<string> {
    return this.#sources.addresses();
  }

  /** The way to a phone, or for all others the way `elsewhere`. */
  findWay({ place, to: account }: Pick<DialOptions, 'place' | 'to'>, elsewhere: FindWay): FindWay {
    const ways = this.#serving?.ways;
    if (place === undefined || ways === undefined) return elsewhere;
    // Where it redirects a call to is somewhere else.
    return (to, ...how) => (`${to.user}@${to.host}` === account ? ways.to(place) : elsewhere(to, ...how));
  }

  /** True for a call or message to elsewhere that we place on: of a phone of ours, or to the flow of one. */
  serves(message: Core.IncomingRequestMessage): boolean {
    return placedOn.has(message.method) && (this.#isOwnFrom(message) || this.#flowTo(message) !== undefined);
  }

  /** @returns what a request is answered that is not to go on */
  look(message: Core.IncomingRequestMessage, flow: Flow | undefined): StatelessReply | undefined {
    if (message.toTag !== undefined || flow === undefined || this.#isRepeated(message)) return undefined;
    if (message.method === 'REGISTER')
      return this.#serving === undefined ? notYet : this.#serving.registrar.look(message, flow);
    return placedOn.has(message.method) ? this.#lookAtCall(message, flow) : undefined;
  }

  /** The answer to a REGISTER that `look` has let in. */
  async register(message: Core.IncomingRequestMessage): Promise<StatelessReply> {
    return (await this.#serving?.registrar.answer(message)) ?? notYet;
  }

  inviteOf(message: Core.IncomingRequestMessage): PhoneInvite {
    return this.#invites.get(message) ?? {};
  }

  #isRepeated({ viaBranch }: Core.IncomingRequestMessage): boolean {
    return this.#options.core.userAgentServers.has(viaBranch);
  }

  #lookAtCall(message: Core.IncomingRequestMessage, flow: Flow): StatelessReply | undefined {
    const toFlow = this.#flowTo(message);
    if (toFlow !== undefined) {
      this.#invites.set(message, { toFlow });
      return undefined;
    }
    if (this.#serving === undefined) return undefined;
    const trunk =
      message.method === 'INVITE' ? this.#options.trunks?.incoming(message, flow, this.#serving.desk) : undefined;
    if (trunk !== undefined && 'code' in trunk) return trunk;
    if (trunk !== undefined) this.#invites.set(message, { trunk });
    if (trunk !== undefined || !this.#isOwnFrom(message)) return undefined;
    // Who speaks in the name of one of our accounts has to prove it, whomever it calls (RFC 3261 s. 22.3).
    const looked = this.#serving.desk.look(message, 'proxy');
    if ('reply' in looked) return looked.reply;
    const aor = toAor(withoutScheme(message.from.uri.toString()));
    this.#invites.set(message, { claim: { aor, network: sourceNetwork(flow.peer.address), claim: looked.claim } });
    return undefined;
  }

  /**
   * True for callers that have to prove themselves: who uses the name of our domain; and who calls by an address of this
   * machine, as any phone beside us may, only if its call needs an account.
   */
  #isOwnFrom({ method, from, ruri }: Core.IncomingRequestMessage): boolean {
    const { user, host, port } = from.uri;
    if (this.#serving === undefined || !user || !this.#isOwn(host, port)) return false;
    // A message is kept under the name of its sender, whom nobody may pretend to be by another name of ours.
    if (host.toLowerCase() === this.#serving.domain || method === 'MESSAGE') return true;
    return ruri !== undefined && (!this.#options.isOurs(ruri.host) || telephoneNumber(ruri.user ?? '') !== undefined);
  }

  #isOwnUri(text: string): boolean {
    const uri = parseUri(text);
    return uri !== undefined && this.#isOwn(uri.host, uri.port);
  }

  /** Another port on a host of ours is another SIP server, such as a phone on the same machine. */
  #isOwn(host: string, port: number | undefined): boolean {
    const { flows, isOurs } = this.#options;
    return isOurs(host) && (port === undefined || port === flows.port || port === flows.portOf('TLS'));
  }

  /** The Route of it that names a flow of ours. */
  #flowTo(message: Core.IncomingRequestMessage): string | undefined {
    const [route] = message.getHeaders('route');
    return route !== undefined && this.#serving?.ways.flowOf(route) !== undefined ? route : undefined;
  }

  #makeWays(tokens: FlowTokens): PhoneWays {
    const { clock, flows, resolver, own, publicAddress, networks } = this.#options;
    return new PhoneWays({
      tokens,
      resolver,
      isTrusted: (address) => networks.isTrusted(address) || own.has(address),
      now: () => clock.now(),
      find: (id) => flows.find(id),
      own: () => ({ address: publicAddress ?? own.main, port: flows.port }),
      isOwn: (host, port) => this.#isOwn(host, port),
    });
  }
}

const notYet: StatelessReply = { code: 503, phrase: 'Service Unavailable', headers: ['Retry-After: 5'] };
