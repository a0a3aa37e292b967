import type { TransportStats } from '../../media-edge/src/ports/sfu.ts';

/** Subscribers of one event, and a way to tell them. */
export class Listeners<Values extends readonly unknown[]> {
  readonly #callbacks: ((...values: Values) => void)[] = [];

  add(callback: (...values: Values) => void): void {
    this.#callbacks.push(callback);
  }

  tell(...values: Values): void {
    for (const callback of this.#callbacks) callback(...values);
  }
}

/** Ids, SSRCs and ports that never repeat within one `FakeSfu`. */
export class Counter {
  #next = 1;

  take(): number {
    return this.#next++;
  }
}

export const emptyStats: TransportStats = { packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0, packetsLost: 0 };
