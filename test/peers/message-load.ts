import { setTimeout as later } from 'node:timers/promises';
import { PersistentWriter, type WriterAccount } from './persistent-writer.ts';

export interface MessageLoadOptions {
  readonly origin: string;
  /** An even number: each writes to its neighbour. */
  readonly accounts: readonly WriterAccount[];
  readonly perSecond: number;
  /** How long a reply may take before the same is asked again. */
  readonly patienceMs?: number;
  /** How many texts in all. */
  readonly total: number;
}

const devicesEach = 2;
const tickMs = 20;

/** Pairs of accounts, each with two devices that all write to the other account at a steady pace. */
export class MessageLoad {
  readonly writers: readonly PersistentWriter[];
  readonly #options: MessageLoadOptions;
  #written = 0;

  constructor(options: MessageLoadOptions) {
    this.#options = options;
    this.writers = options.accounts.flatMap((account, index) =>
      Array.from({ length: devicesEach }, (_, device) => {
        const name = `load-${index}-${device}-of-the-test`;
        return new PersistentWriter(options.origin, account, { device: name, patienceMs: options.patienceMs });
      }),
    );
  }

  async signIn(): Promise<void> {
    await Promise.all(this.writers.map(({ signedIn }) => signedIn));
  }

  /** Texts that were put on a socket. */
  get sent(): number {
    return this.writers.reduce((sum, { sent }) => sum + sent, 0);
  }

  get acknowledged(): number {
    return this.writers.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  }

  get repeated(): number {
    return this.writers.reduce((sum, { repeated }) => sum + repeated, 0);
  }

  /** Writes at the pace until all are written, whatever the server does. */
  async run(): Promise<void> {
    const { perSecond, total } = this.#options;
    const beganAt = performance.now();
    while (this.#written < total) {
      const due = Math.min(total, Math.ceil((perSecond * (performance.now() - beganAt)) / 1000));
      while (this.#written < due) this.#writeOne();
      await later(tickMs);
    }
  }

  /** Resolves when so many are acknowledged. @throws when that takes too long */
  async until(acknowledged: number, timeoutMs = 25_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (this.acknowledged < acknowledged) {
      if (Date.now() > until)
        throw new Error(`${this.acknowledged} of ${acknowledged} texts acknowledged in ${timeoutMs} ms`);
      await later(tickMs);
    }
  }

  /** The devices of one account after the other. */
  ofAccounts(): readonly (readonly PersistentWriter[])[] {
    return this.#options.accounts.map((account) => this.writers.filter((writer) => writer.account === account));
  }

  async close(): Promise<void> {
    await Promise.all(this.writers.map((writer) => writer.close()));
  }

  #writeOne(): void {
    const { accounts } = this.#options;
    const index = this.#written % this.writers.length;
    const writer = this.writers[index];
    const to = accounts[Math.floor(index / devicesEach) ^ 1];
    if (writer === undefined || to === undefined) throw new Error('an even number of accounts is needed');
    writer.write(to.address, `text-${this.#written}-of-${index}`);
    this.#written += 1;
  }
}
