import { sourceNetwork } from '../../network/source-network.ts';

/** The place of one accepted connection. Both may be told again. */
export interface Place {
  /** A whole message came by it. */
  prove(): void;
  leave(): void;
}

/** Bounds on connections that others make to us, TCP and TLS each. */
export interface PlaceLimits {
  readonly all: number;
  /** From one source: an office behind one address has many phones. */
  readonly perSource: number;
  /** Those that have not yet shown that they speak SIP; half-open ones and handshakes are among them. */
  readonly unproven: number;
  readonly unprovenPerSource: number;
}

export const defaultPlaceLimits: PlaceLimits = { all: 10_000, perSource: 250, unproven: 400, unprovenPerSource: 40 };

/**
 * Gives places to connections. Who only connects, and says nothing, holds few of them: beyond `unproven` the oldest such connection
 * makes room for a new one, so that a flood of them does not shut out a phone that speaks at once.
 */
export class ConnectionPlaces {
  readonly #limits: PlaceLimits;
  readonly #sources = new Map<string, { all: number; unproven: number }>();
  /** In the order in which they came. */
  readonly #unproven = new Map<Place, () => void>();
  #all = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Places that are taken. */
  get size(): number {
    return this.#all;
  }

  /**
   * @param evict closes the connection, as its place is given to another
   * @returns `undefined` when there is none for this source, or none at all
   */
  take(address: string, evict: () => void): Place | undefined {
    const source = sourceNetwork(address);
    const count = this.#sources.get(source) ?? { all: 0, unproven: 0 };
    const isTooMany = count.all >= this.#limits.perSource || count.unproven >= this.#limits.unprovenPerSource;
    if (isTooMany || this.#all >= this.#limits.all) return undefined;
    this.#makeRoom();
    this.#sources.set(source, count);
    count.all++;
    count.unproven++;
    this.#all++;
    return this.#place(source, count, evict);
  }

  #place(source: string, count: { all: number; unproven: number }, evict: () => void): Place {
    const prove = () => {
      if (this.#unproven.delete(place)) count.unproven--;
    };
    let isTaken = true;
    const leave = () => {
      prove();
      if (!isTaken) return;
      isTaken = false;
      this.#all--;
      count.all--;
      if (count.all === 0) this.#sources.delete(source);
    };
    const place: Place = { prove, leave };
    this.#unproven.set(place, evict);
    return place;
  }

  #makeRoom(): void {
    if (this.#unproven.size < this.#limits.unproven) return;
    const [oldest] = this.#unproven;
    if (oldest === undefined) return;
    const [place, evict] = oldest;
    place.leave();
    evict();
  }
}
