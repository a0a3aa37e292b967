import { sourceNetwork } from '../../network/source-network.ts';
import type { Clock } from '../../ports/clock.ts';

/** How long the addresses that were gathered last are believed. */
const rememberMs = 1_000;

/**
 * Peers that have shown that they are where they say: registered phones, and whoever is in a call. They come and go by
 * the hundreds, and are asked for only when somebody would be refused, so they are gathered then, once a second at most.
 */
export class KnownPeers {
  readonly #clock: Clock;
  readonly #sources: (() => Iterable<string | undefined>)[] = [];
  #known: ReadonlySet<string> = new Set();
  #until = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param addresses gives those of one kind, as they are at the moment */
  also(addresses: () => Iterable<string | undefined>): void {
    this.#sources.push(addresses);
  }

  has(address: string): boolean {
    const now = this.#clock.now();
    if (now >= this.#until) {
      this.#until = now + rememberMs;
      this.#known = this.#gather();
    }
    return this.#known.has(sourceNetwork(address));
  }

  #gather(): Set<string> {
    const known = new Set<string>();
    for (const source of this.#sources)
      for (const address of source()) if (address !== undefined) known.add(sourceNetwork(address));
    return known;
  }
}
