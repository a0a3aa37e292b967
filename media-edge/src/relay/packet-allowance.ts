/** Packets of sound at most, a second: four times those of the shortest usual packet time, 10 ms. */
const perSecond = 400;
/** A peer that catches up after a gap may be ahead by so many. */
const burst = 400;

/**
 * Bounds what one peer may send (a token bucket): a flood takes no more than a few calls, and two legs that were
 * pointed at each other cannot send one packet round and round at the speed of the wire.
 */
export class PacketAllowance {
  #left = burst;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  take(nowMs: number): boolean {
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#atMs) * perSecond) / 1000);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
