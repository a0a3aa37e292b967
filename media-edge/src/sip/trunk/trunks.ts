import { digestAlgorithms, ha1Of } from '@sylk/protocol/digest-claim.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import type { Trunk } from '@sylk/protocol/trunks.ts';
import type { Core } from 'sip.js';
import { telephoneNumber } from '../../call/telephone-number.ts';
import { type PeerNetworks, peerNetworks } from '../../network/peer-networks.ts';
import type { DialledNumber, TrunkUse } from '../../ports/sip-endpoint.ts';
import { hashOf } from '../digest/algorithm.ts';
import { isProof } from '../digest/authorization.ts';
import { DigestClient } from '../digest/digest-client.ts';
import type { StatelessReply } from '../message/stateless-reply.ts';
import type { PasswordDesk } from '../registrar/password-desk.ts';
import type { ProviderLine } from '../registration/registrations.ts';
import { routeBy } from '../registration/routes.ts';
import type { Flow } from '../transport/flow.ts';
import { dialledAs, ruleFor } from './number-rules.ts';

/** A call that came by a trunk. */
export interface TrunkCall extends TrunkUse {
  /** The part before the @ of who is called; absent: nobody has that number. */
  readonly to?: string;
  /** What it says about the caller in P-Asserted-Identity counts. */
  readonly isTrusted: boolean;
}

/** A number that is about to be dialled. */
export interface NumberCall {
  /** `number@server` */
  readonly to: string;
  readonly line: ProviderLine;
}

interface Known {
  readonly trunk: Trunk;
  readonly peers: PeerNetworks;
  readonly digest: DigestClient;
}

/** Which calls are whose trunk's, and by which of them a number is dialled. */
export class Trunks {
  readonly #all: readonly Known[];

  /** @throws Error for a peer that is no address or network */
  constructor(trunks: readonly Trunk[]) {
    this.#all = trunks.map((trunk) => ({ trunk, peers: peerNetworks(trunk.peers), digest: digestOf(trunk) }));
  }

  /** True for the addresses of trunks. */
  isPeer(address: string): boolean {
    return this.#all.some(({ peers }) => peers.isTrusted(address));
  }

  /** @returns the trunk that a call came by, `undefined` for others, or the answer to one that has to prove itself */
  incoming(
    message: Core.IncomingRequestMessage,
    { peer, identities }: Flow,
    desk: PasswordDesk,
  ): TrunkCall | StatelessReply | undefined {
    const known = this.#all.find(
      ({ trunk, peers }) =>
        peers.isTrusted(peer.address) || (trunk.tlsName !== undefined && identities.includes(trunk.tlsName)),
    );
    if (known !== undefined && known.trunk.login === undefined) return callBy(known.trunk, message);
    const called = known ?? this.#withLogin(message);
    return called && proven(called.trunk, message, desk);
  }

  /** @returns how a number leaves by its trunk, `undefined` if that does not take it */
  outgoing({ dialled: number, trunk: name, ...caller }: DialledNumber): NumberCall | undefined {
    const route = this.#routesOf(number).find(({ trunk }) => trunk.name === name);
    if (route === undefined || route.rule.isBarred) return undefined;
    const { trunk, digest, rule, server } = route;
    const host = parseSipAddress(server)?.host ?? '';
    const shown = Object.hasOwn(trunk.callerNumbers, caller.name) ? trunk.callerNumbers[caller.name] : undefined;
    const from = `${shown ?? trunk.callerNumber ?? trunk.account?.username ?? 'anonymous'}@${trunk.domain ?? host}`;
    return {
      to: `${dialledAs(rule, number)}@${host}`,
      line: {
        routes: [routeBy(server)],
        prove: (challenges, request, tries) => {
          const answer = digest.answer(challenges, request, tries);
          return answer.kind === 'proof' ? answer.headers : undefined;
        },
        identity: caller.isAnonymous ? 'anonymous@anonymous.invalid' : from,
        headers: [
          ...(trunk.isTrusted ? [`P-Asserted-Identity: <sip:${from}>`] : []),
          ...(caller.isAnonymous ? ['Privacy: id'] : []),
        ],
      },
    };
  }

  /** The trunks that dial this number, the longest prefix first; `barred` if the rule that fits it best says so. */
  trunksFor(number: string): readonly TrunkUse[] | 'barred' {
    const routes = this.#routesOf(number);
    if (routes[0]?.rule.isBarred) return 'barred';
    return routes.filter(({ rule }) => !rule.isBarred).map(({ trunk }) => useOf(trunk));
  }

  #routesOf(number: string) {
    const routes = this.#all.flatMap(({ trunk, digest }) => {
      const rule = trunk.server === undefined ? undefined : ruleFor(trunk.numbersOut, number);
      return rule === undefined || trunk.server === undefined ? [] : [{ trunk, digest, rule, server: trunk.server }];
    });
    return routes.toSorted((one, other) => other.rule.prefix.length - one.rule.prefix.length);
  }

  /** A trunk that calls from anywhere is known by the number that it calls, and asked who it is. */
  #withLogin(message: Core.IncomingRequestMessage): Known | undefined {
    const number = telephoneNumber(message.ruri?.user ?? '');
    if (number === undefined) return undefined;
    return this.#all.find(({ trunk }) => trunk.login !== undefined && ruleFor(trunk.numbersIn, number) !== undefined);
  }
}

function proven(
  trunk: Trunk,
  message: Core.IncomingRequestMessage,
  desk: PasswordDesk,
): TrunkCall | StatelessReply | undefined {
  const { login } = trunk;
  if (login === undefined) return undefined;
  const looked = desk.look(message, 'proxy');
  if ('reply' in looked) return looked.reply;
  const { claim } = looked;
  const ha1 = ha1Of(hashOf(claim.algorithm), login.username, claim.realm, login.password);
  const isRight = claim.username === login.username && isProof(claim, ha1);
  return isRight ? callBy(trunk, message) : { code: 403, phrase: 'Wrong name or password' };
}

function callBy(trunk: Trunk, { ruri }: Core.IncomingRequestMessage): TrunkCall {
  const number = telephoneNumber(ruri?.user ?? '');
  const rule = number === undefined ? undefined : ruleFor(trunk.numbersIn, number);
  return { ...useOf(trunk), isTrusted: trunk.isTrusted, ...(rule === undefined ? {} : { to: rule.to }) };
}

const useOf = ({ name: trunk, maxCalls, maxCallMinutes }: Trunk): TrunkUse => ({ trunk, maxCalls, maxCallMinutes });

function digestOf({ account }: Trunk): DigestClient {
  if (account === undefined) return new DigestClient([]);
  const { username, realm, password } = account;
  const keys = digestAlgorithms.map((algorithm) => ({
    username,
    realm,
    algorithm,
    ha1: ha1Of(hashOf(algorithm), username, realm, password),
  }));
  return new DigestClient(keys);
}
