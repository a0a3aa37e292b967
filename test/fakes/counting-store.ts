import type { Store } from '../../functions/src/ports/store.ts';
import { faultyStore } from './faulty-store.ts';

export interface Operations {
  readonly reads: number;
  readonly writes: number;
}

/** Methods that only look; all others write. */
const looking =
  /\.(find|spokenForBy|findWithDevices|findWithDevicesAndTail|of|list|look|ofCall|ofConnection|ringing|ofEdgeBefore|newest|toldUpTo|tail|page|marks|publicKey)$/;

/** Counts what a store is asked for. */
export class CountingStore {
  readonly store: Store;
  #reads = 0;
  #writes = 0;

  constructor(store: Store) {
    const before = async (step: string) => {
      if (looking.test(step)) this.#reads += 1;
      else this.#writes += 1;
    };
    this.store = faultyStore(store, { before, after: async () => undefined });
  }

  /** @returns what was asked for since the last look */
  taken(): Operations {
    const counted = { reads: this.#reads, writes: this.#writes };
    this.#reads = 0;
    this.#writes = 0;
    return counted;
  }
}
