import { maxCallsPerSource, maxStrangerCalls, maxStrangerSetUps } from '@sylk/protocol/limits.ts';
import { sourceNetwork } from '../../network/source-network.ts';

/** The place of one call; both may be told again. */
export interface StrangerCall {
  /** Its caller has acknowledged the answer, so it really is where it says. */
  confirmed(): void;
  over(): void;
}

/**
 * Counts the calls that come in from outside the operator's networks and this machine. Who forges the sources of its packets is a
 * new caller each time, and none of them ever gets as far as an ACK: what bounds it is how many are not yet there.
 */
export class StrangerCalls {
  readonly #settingUp = new Set<StrangerCall>();
  readonly #all = new Set<StrangerCall>();
  readonly #bySource = new Map<string, number>();
  readonly #perSource: number;

  /** True for addresses that no packet of a stranger can have, or that the operator has named. */
  readonly isKnown: (address: string) => boolean;

  constructor(isKnown: (address: string) => boolean, perSource: number = maxCallsPerSource) {
    this.isKnown = isKnown;
    this.#perSource = perSource;
  }

  /** True if no more calls are taken from this address. */
  isFull(address: string): boolean {
    const isFull = this.#settingUp.size >= maxStrangerSetUps || this.#all.size >= maxStrangerCalls;
    return isFull && !this.isKnown(address);
  }

  /** True if this address has as many calls as one may have that nobody here has signed in from, or signed in at. */
  hasMany(address: string): boolean {
    return (this.#bySource.get(sourceNetwork(address)) ?? 0) >= this.#perSource && !this.isKnown(address);
  }

  /** @returns the place of a call, `undefined` for one that is no stranger's */
  begin(address = ''): StrangerCall | undefined {
    if (this.isKnown(address)) return undefined;
    const source = sourceNetwork(address);
    const call: StrangerCall = {
      confirmed: () => void this.#settingUp.delete(call),
      over: () => {
        this.#settingUp.delete(call);
        if (this.#all.delete(call)) this.#count(source, -1);
      },
    };
    this.#settingUp.add(call);
    this.#all.add(call);
    this.#count(source, 1);
    return call;
  }

  #count(source: string, more: number): void {
    const count = (this.#bySource.get(source) ?? 0) + more;
    if (count > 0) this.#bySource.set(source, count);
    else this.#bySource.delete(source);
  }
}
