import type { MediaKind } from '../call/media.ts';

/**
 * Packets at most, a second, and so many may a peer that catches up after a gap be ahead. Of sound four times those of
 * the shortest usual packet time, 10 ms; of pictures twice those of ten megabits.
 */
const perSecond: Readonly<Record<MediaKind, number>> = { audio: 400, video: 2000 };

/**
 * Bounds what one peer may send (a token bucket): a flood takes no more than a few calls, and two legs that were
 * pointed at each other cannot send one packet round and round at the speed of the wire.
 */
export class PacketAllowance {
  readonly #perSecond: number;
  #left: number;
  #atMs: number;

  constructor(nowMs: number, kind: MediaKind = 'audio') {
    this.#perSecond = perSecond[kind];
    this.#left = this.#perSecond;
    this.#atMs = nowMs;
  }

  take(nowMs: number): boolean {
    this.#left = Math.min(this.#perSecond, this.#left + ((nowMs - this.#atMs) * this.#perSecond) / 1000);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
