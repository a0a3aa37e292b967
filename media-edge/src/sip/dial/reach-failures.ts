import { unreachedPerAccount, unreachedPerEdge, unreachedWindowMs } from '@sylk/protocol/limits.ts';
import type { Clock } from '../../ports/clock.ts';

/**
 * Counts calls into the operator's own networks that reached nobody: with enough of them an account could find out
 * which machines and ports there are. A person who dials a switched-off phone does so a few times.
 */
export class ReachFailures {
  readonly #clock: Clock;
  readonly #byAccount = new Map<string, number>();
  #total = 0;
  #windowEndsAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(account: string): void {
    this.#turn();
    this.#byAccount.set(account, (this.#byAccount.get(account) ?? 0) + 1);
    this.#total += 1;
  }

  /** Accounts are easily had, so all together have a bound too; whoever has missed nobody yet is not concerned. */
  isBarred(account: string): boolean {
    this.#turn();
    const own = this.#byAccount.get(account) ?? 0;
    return own >= unreachedPerAccount || (own > 0 && this.#total >= unreachedPerEdge);
  }

  #turn(): void {
    const now = this.#clock.now();
    if (now < this.#windowEndsAt) return;
    this.#windowEndsAt = now + unreachedWindowMs;
    this.#byAccount.clear();
    this.#total = 0;
  }
}
