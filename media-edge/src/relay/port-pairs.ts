/** Pairs of ports for RTP and RTCP: an even one and the one above (RFC 3550 s. 11). */
export class PortPairs {
  readonly #first: number;
  readonly #count: number;
  readonly #pauseMs: number;
  /** The pair to try next; goes round, so a port rests as long as possible. */
  #next = 0;
  readonly #taken = new Set<number>();
  /** Pairs given back, and from when they may be used again. */
  readonly #resting = new Map<number, number>();

  /**
   * @param range   both ends included
   * @param pauseMs how long late packets of an ended call may come to its port
   */
  constructor(range: { readonly first: number; readonly last: number }, pauseMs: number) {
    this.#first = range.first + (range.first % 2);
    this.#count = Math.max(0, Math.floor((range.last - this.#first + 1) / 2));
    this.#pauseMs = pauseMs;
  }

  /** @returns the RTP port, or `undefined` when all are in use or resting */
  take(nowMs: number): number | undefined {
    for (let tried = 0; tried < this.#count; tried += 1) {
      const port = this.#first + 2 * this.#next;
      this.#next = (this.#next + 1) % this.#count;
      if (this.#taken.has(port) || (this.#resting.get(port) ?? 0) > nowMs) continue;
      this.#resting.delete(port);
      this.#taken.add(port);
      return port;
    }
    return undefined;
  }

  giveBack(port: number, nowMs: number): void {
    if (this.#taken.delete(port)) this.#resting.set(port, nowMs + this.#pauseMs);
  }
}
