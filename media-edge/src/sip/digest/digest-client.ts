import { randomBytes } from 'node:crypto';
import { type DigestAlgorithm, type DigestKey, digestResponse } from '@sylk/protocol/digest-claim.ts';
import { hashOf } from './algorithm.ts';
import { type DigestRequest, ha2Of, writeAuthorization } from './authorization.ts';
import { type Challenge, parseChallenge, type Qop } from './challenge.ts';

/** The values of both kinds of challenge header in a 401 or 407: a fork may bring both (RFC 3261 s. 16.7, step 7). */
export interface ChallengeHeaders {
  readonly www: readonly string[];
  readonly proxy: readonly string[];
}

export interface AuthHeader {
  readonly name: 'Authorization' | 'Proxy-Authorization';
  readonly value: string;
}

/** HA1 that would be needed for a challenge. */
export interface WantedKey {
  readonly realm: string;
  readonly algorithm: DigestAlgorithm;
}

export type DigestAnswer =
  /** To be sent with the request, instead of those that it had. */
  | { readonly kind: 'proof'; readonly headers: readonly AuthHeader[] }
  /** The same password was refused before, or there is nothing in the response that could be answered. */
  | { readonly kind: 'refused' }
  /** We have no key for what is asked: other realms than ours, or other hashes. */
  | { readonly kind: 'unknown'; readonly wanted: readonly WantedKey[] };

/** What one request has tried so far. */
export interface DigestTries {
  /** By kind and realm: how often it was answered with a nonce that was given to this very request. */
  readonly counts: Map<string, number>;
}

export const noTries = (): DigestTries => ({ counts: new Map() });

type Name = AuthHeader['name'];

/** A nonce in use, and how often it was. */
interface Protected {
  readonly name: Name;
  readonly key: DigestKey;
  readonly challenge: Challenge;
  uses: number;
}

/** A nonce that went stale on its way is no reason to give up, but a server that calls every nonce stale is. */
const maxTries = 3;

/**
 * Proves that an account knows its password (RFC 3261 s. 22, RFC 8760), to the realms only of which it has a key. It
 * remembers the nonces, so that the next request proves itself without being asked.
 */
export class DigestClient {
  readonly #keys: readonly DigestKey[];
  readonly #newCnonce: () => string;
  readonly #nonces = new Map<string, Protected>();

  constructor(keys: readonly DigestKey[], newCnonce = () => randomBytes(12).toString('hex')) {
    this.#keys = keys;
    this.#newCnonce = newCnonce;
  }

  /** Proof for a request that was not challenged yet, as far as a nonce is known. */
  preset(request: DigestRequest): readonly AuthHeader[] {
    return [...this.#nonces.values()].map((space) => this.#prove(space, request));
  }

  /** @param tries changed by this call; one for all attempts of the same request */
  answer(headers: ChallengeHeaders, request: DigestRequest, tries: DigestTries): DigestAnswer {
    const asked = [...byRealm('Authorization', headers.www), ...byRealm('Proxy-Authorization', headers.proxy)];
    if (asked.length === 0) return { kind: 'refused' };
    // A realm of somebody else beside ours may be content with less; it says so next time if it is not.
    const own = asked.map(({ name, challenges }) => this.#choose(name, challenges)).filter((one) => one !== undefined);
    if (own.length === 0)
      return { kind: 'unknown', wanted: asked.flatMap(({ challenges }) => challenges.map(toWanted)) };
    if (!own.every((space) => mayTry(space, tries))) return { kind: 'refused' };
    for (const space of own) this.#nonces.set(spaceOf(space.name, space.challenge.realm), space);
    return { kind: 'proof', headers: this.preset(request) };
  }

  /** RFC 8760 s. 2.4: the first of the server's list that we can answer. */
  #choose(name: Name, challenges: readonly Challenge[]): Protected | undefined {
    for (const challenge of challenges) {
      const key = this.#keys.find(
        ({ realm, algorithm }) => realm === challenge.realm && algorithm === challenge.algorithm,
      );
      if (key !== undefined) return { name, key, challenge, uses: 0 };
    }
    return undefined;
  }

  #prove(space: Protected, request: DigestRequest): AuthHeader {
    const { name, challenge, key } = space;
    const { algorithm, isSession, realm, nonce, opaque } = challenge;
    const qop = chooseQop(challenge);
    space.uses++;
    const nc = space.uses.toString(16).padStart(8, '0');
    const cnonce = qop === undefined && !isSession ? undefined : this.#newCnonce();
    const response = digestResponse(hashOf(algorithm), key.ha1, {
      ...{ algorithm, isSession, nonce, ha2: ha2Of(challenge, request, qop) },
      ...(cnonce === undefined ? {} : { cnonce }),
      ...(qop === undefined || cnonce === undefined ? {} : { protection: { qop, cnonce, nc } }),
    });
    const value = writeAuthorization({
      ...{ algorithm, isSession, realm, nonce, response, username: key.username, uri: request.uri },
      ...(opaque === undefined ? {} : { opaque }),
      ...(cnonce === undefined ? {} : { cnonce }),
      ...(qop === undefined ? {} : { qop, nc }),
    });
    return { name, value };
  }
}

/** Bodies are protected where a server asks for that alone: proxies on the way may change ours (RFC 3261 s. 22.4). */
const chooseQop = ({ qop }: Challenge): Qop | undefined => (qop.includes('auth') ? 'auth' : qop[0]);

const spaceOf = (name: Name, realm: string): string => `${name} ${realm}`;

const toWanted = ({ realm, algorithm }: Challenge): WantedKey => ({ realm, algorithm });

function mayTry({ name, challenge }: Protected, { counts }: DigestTries): boolean {
  const space = spaceOf(name, challenge.realm);
  const count = counts.get(space) ?? 0;
  counts.set(space, count + 1);
  return count === 0 || (challenge.isStale && count < maxTries);
}

/** The challenges of each realm, in the server's order. */
function byRealm(name: Name, values: readonly string[]): { name: Name; challenges: readonly Challenge[] }[] {
  const challenges = values.map(parseChallenge).filter((challenge) => challenge !== undefined);
  const realms = new Set(challenges.map(({ realm }) => realm));
  return [...realms].map((realm) => ({ name, challenges: challenges.filter((one) => one.realm === realm) }));
}
