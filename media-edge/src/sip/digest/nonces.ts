import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface NoncesOptions {
  /** Ms since 1970. */
  readonly now: () => number;
  /** How long one is good. */
  readonly nonceMs: number;
}

/** Nonces whose counts are remembered; the oldest is forgotten, which makes it stale. */
const maxUsed = 20_000;

/** Counts that may come out of order. */
const windowSize = 32;

/**
 * Nonces that prove themselves: the time of their making, and a signature over it. Nothing is kept of those that
 * nobody comes back with; of the others, which counts were used (RFC 7616 s. 3.4.5).
 */
export class Nonces {
  readonly #options: NoncesOptions;
  readonly #secret = randomBytes(32);
  /** The highest count, and as bits those below it; by nonce, oldest first. */
  readonly #used = new Map<string, { highest: number; seen: number }>();
  /** What was made before this has perhaps been forgotten. */
  #forgottenUntil = 0;

  constructor(options: NoncesOptions) {
    this.#options = options;
  }

  make(): string {
    const head = Buffer.alloc(14);
    head.writeUIntBE(this.#options.now(), 0, 6);
    randomBytes(8).copy(head, 6);
    return Buffer.concat([head, this.#sign(head)]).toString('base64url');
  }

  isFresh(nonce: string): boolean {
    const madeAt = this.#madeAt(nonce);
    if (madeAt === undefined) return false;
    const age = this.#options.now() - madeAt;
    return age >= 0 && age <= this.#options.nonceMs && (madeAt > this.#forgottenUntil || this.#used.has(nonce));
  }

  /** @returns false when this count was used, or cannot be told from one that was */
  use(nonce: string, count: number): boolean {
    if (!this.isFresh(nonce) || count < 1) return false;
    const known = this.#used.get(nonce);
    if (known === undefined) {
      this.#remember(nonce, { highest: count, seen: 1 });
      return true;
    }
    return mark(known, count);
  }

  #remember(nonce: string, use: { highest: number; seen: number }): void {
    const [oldest] = this.#used.keys();
    if (this.#used.size >= maxUsed && oldest !== undefined) {
      this.#used.delete(oldest);
      this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#madeAt(oldest) ?? 0);
    }
    this.#used.set(nonce, use);
  }

  #madeAt(nonce: string): number | undefined {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== 30 || bytes.toString('base64url') !== nonce) return undefined;
    const head = bytes.subarray(0, 14);
    return timingSafeEqual(this.#sign(head), bytes.subarray(14)) ? head.readUIntBE(0, 6) : undefined;
  }

  #sign(head: Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(head).digest().subarray(0, 16);
  }
}

/** A sliding window, as for packets that may overtake each other (RFC 4302, appendix B). */
function mark(use: { highest: number; seen: number }, count: number): boolean {
  const ahead = count - use.highest;
  if (ahead > 0) {
    use.seen = ahead >= windowSize ? 1 : ((use.seen << ahead) | 1) >>> 0;
    use.highest = count;
    return true;
  }
  const bit = 2 ** -ahead;
  if (-ahead >= windowSize || (use.seen & bit) !== 0) return false;
  use.seen = (use.seen | bit) >>> 0;
  return true;
}
