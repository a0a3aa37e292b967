import type { DigestAlgorithm, DigestClaim } from '@sylk/protocol/digest-claim.ts';
import { claimOf, type DigestRequest, parseAuthorization } from './authorization.ts';
import { type Qop, writeChallenge } from './challenge.ts';
import { Nonces, type NoncesOptions } from './nonces.ts';

export interface DigestServerOptions extends NoncesOptions {
  readonly realm: string;
  /** In the order in which they are offered (RFC 8760 s. 2.3): the strongest first. */
  readonly algorithms: readonly DigestAlgorithm[];
  readonly qop?: readonly Qop[];
  /** True for a URI that stands for us as well: proxies change the Request-URI, and some clients write another one (RFC 3261 s. 22.4, point 5). */
  readonly isOurs?: (uri: string) => boolean;
}

/** What the credentials of a request are worth, before anybody has looked for HA1. */
export type Examined =
  /** None for our realm: to be challenged. */
  | { readonly status: 'absent' }
  /** None that a client of ours would write: 400 (RFC 3261 s. 22.4). */
  | { readonly status: 'malformed' }
  /** The nonce is too old, not ours, or was used with this count before: to be challenged with `stale`. */
  | { readonly status: 'stale'; readonly username: string }
  | { readonly status: 'claimed'; readonly claim: DigestClaim };

/** Asks for passwords as a registrar or proxy does, and reads what comes back. It knows no password itself. */
export class DigestServer {
  readonly #options: DigestServerOptions;
  readonly #nonces: Nonces;

  constructor(options: DigestServerOptions) {
    this.#options = options;
    this.#nonces = new Nonces(options);
  }

  /** Values of `WWW-Authenticate` or `Proxy-Authenticate`, one header each. */
  challenges(isStale = false): readonly string[] {
    const { realm, algorithms, qop = ['auth'] } = this.#options;
    const nonce = this.#nonces.make();
    return algorithms.map((algorithm) =>
      writeChallenge({ algorithm, isSession: false, realm, nonce, isStale, qop: [...qop] }),
    );
  }

  /** @param values of all `Authorization` or `Proxy-Authorization` headers */
  examine(values: readonly string[], request: DigestRequest): Examined {
    const { realm, algorithms, qop = ['auth'] } = this.#options;
    // Credentials of a scheme that nobody here knows are as good as none.
    const read = values.filter((value) => /^\s*Digest\s/i.test(value)).map(parseAuthorization);
    const own = read.find((one) => one?.realm === realm);
    if (own === undefined) return { status: read.includes(undefined) ? 'malformed' : 'absent' };
    if (!algorithms.includes(own.algorithm)) return { status: 'malformed' };
    // RFC 7616 s. 3.4.6: a proof for another request is none for this one.
    if (own.uri !== request.uri && this.#options.isOurs?.(own.uri) !== true) return { status: 'malformed' };
    if (qop.length > 0 && (own.qop === undefined || !qop.includes(own.qop))) return { status: 'malformed' };
    if (!this.#nonces.isFresh(own.nonce)) return { status: 'stale', username: own.username };
    return { status: 'claimed', claim: claimOf(own, request) };
  }

  /**
   * Takes a claim that was found right. Each count of a nonce is taken once.
   *
   * @returns false for one that came before: to be challenged with `stale`
   */
  take({ nonce, protection }: DigestClaim): boolean {
    return this.#nonces.use(nonce, protection === undefined ? 1 : Number.parseInt(protection.nc, 16));
  }
}
