import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the holder of a flow lets other edges do: send to it, until then. */
export interface FlowGrant {
  readonly flow: string;
  /** ms since 1970 */
  readonly expiresAt: number;
}

/**
 * Names a flow of ours in a Path (RFC 5626 s. 5.2), so that nobody can make one up who does not know the secret of the
 * installation: otherwise whoever guesses an address could have us send there.
 */
export class FlowTokens {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @returns the user part of a URI */
  write({ flow, expiresAt }: FlowGrant): string {
    const text = Buffer.from(`${Math.ceil(expiresAt / 1000).toString(36)} ${flow}`).toString('base64url');
    return `${text}.${this.#sign(text)}`;
  }

  /** @returns `undefined` for what we did not write, and for what is over */
  read(token: string, at: number): FlowGrant | undefined {
    const [text = '', signature = '', ...more] = token.split('.');
    if (more.length > 0 || !isSame(signature, this.#sign(text))) return undefined;
    const [seconds = '', flow = ''] = Buffer.from(text, 'base64url').toString().split(' ');
    const expiresAt = Number.parseInt(seconds, 36) * 1000;
    return expiresAt > at ? { flow, expiresAt } : undefined;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(`flow ${text}`).digest('base64url').slice(0, 22);
  }
}

const isSame = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
