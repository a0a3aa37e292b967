/**
 * How long to wait before each new attempt to connect, in ms.
 *
 * After a socket that was open: 1, 2, 4, 8, 16 s, then half a second and the round again: a gateway
 * that comes back is found soon, and one that is away is not called without pause.
 */
export class BackOff {
  #lastMs = restMs;

  next(): number {
    const doubledMs = this.#lastMs * 2;
    this.#lastMs = doubledMs > longestMs ? restMs : doubledMs;
    return this.#lastMs;
  }

  /** A socket has opened. */
  reset(): void {
    this.#lastMs = restMs;
  }
}

const restMs = 500;
const longestMs = 16_000;
