import type { Clock } from '../../ports/clock.ts';

/** Answers that are remembered at a time; over that, whoever was answered first may be asked for its password again. */
const maxKept = 50_000;

interface Kept {
  /** Absent while it is worked on: the phone waits, and what it repeats is not read. */
  readonly answer?: string;
}

export interface RegisterTransactionsOptions {
  readonly clock: Clock;
  /** How long an answer is repeated to who asks again (Timer J, RFC 3261 s. 17.2.2), in ms. */
  readonly keptMs: number;
}

/**
 * The server transactions of REGISTER (RFC 3261 s. 17.2.2). Those of sip.js keep the whole request, parsed, for half a
 * minute, ten kilobytes of it; after a restart of the gateway, when all phones come at once, that was most of its
 * memory. Of these only the answer is left.
 */
export class RegisterTransactions {
  readonly #options: RegisterTransactionsOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: RegisterTransactionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** @returns what is known of this transaction, if it has begun */
  find(id: string): Kept | undefined {
    return this.#kept.get(id);
  }

  begin(id: string): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= maxKept && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(id, {});
  }

  /** @param isReliable the request came by a connection, where nothing is repeated: Timer J is zero */
  answered(id: string, answer: string, isReliable: boolean): void {
    if (isReliable) return void this.#kept.delete(id);
    if (!this.#kept.has(id)) return;
    this.#kept.set(id, { answer });
    this.#options.clock.after(this.#options.keptMs, () => this.#kept.delete(id));
  }
}
