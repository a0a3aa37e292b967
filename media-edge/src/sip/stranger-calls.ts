import { maxStrangerCalls, maxStrangerSetUps } from '@sylk/protocol/limits.ts';

/** The place of one call; both may be told again. */
export interface StrangerCall {
  /** Its caller has acknowledged the answer, so it really is where it says. */
  confirmed(): void;
  over(): void;
}

/**
 * Counts the calls that come in from outside the operator's own networks. Who forges the sources of its packets is a
 * new caller each time, and none of them ever gets as far as an ACK: what bounds it is how many are not yet there.
 */
export class StrangerCalls {
  readonly #settingUp = new Set<StrangerCall>();
  readonly #all = new Set<StrangerCall>();

  get isFull(): boolean {
    return this.#settingUp.size >= maxStrangerSetUps || this.#all.size >= maxStrangerCalls;
  }

  begin(): StrangerCall {
    const call: StrangerCall = {
      confirmed: () => void this.#settingUp.delete(call),
      over: () => {
        this.#settingUp.delete(call);
        this.#all.delete(call);
      },
    };
    this.#settingUp.add(call);
    this.#all.add(call);
    return call;
  }
}
