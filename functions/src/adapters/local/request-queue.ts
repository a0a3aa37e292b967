import { maxQueuedBytes, maxQueuedRequests } from '@sylk/protocol/limits.ts';
import type { Delivery } from './host-limits.ts';

type Work = () => Promise<void>;

export interface QueueOptions {
  readonly delivery: Delivery;
  /** Done before anything else. */
  first(): Promise<void>;
  failed(error: unknown): void;
}

/** The requests of one connection, handled one after another unless the delivery says otherwise. */
export class RequestQueue {
  readonly #options: QueueOptions;
  readonly #waiting: { readonly work: Work; readonly bytes: number }[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #first: Promise<void>;
  #waitingBytes = 0;
  #state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#first = this.#open();
  }

  /** @returns false when too much waits already */
  add(work: Work, bytes: number): boolean {
    if (this.#state === 'closed') return true;
    if (this.#waiting.length >= maxQueuedRequests || this.#waitingBytes + bytes > maxQueuedBytes) return false;
    for (let copy = 0; copy < this.#options.delivery.copies(); copy += 1) {
      this.#waiting.push({ work, bytes });
      this.#waitingBytes += bytes;
    }
    this.#next();
    return true;
  }

  /** Drops what waits, lets what runs end, and then does `last`. */
  async close(last: Work): Promise<void> {
    this.#state = 'closed';
    this.#waiting.length = 0;
    await Promise.all([this.#first, ...this.#running]);
    await this.#guarded(last);
  }

  async #open(): Promise<void> {
    await this.#guarded(() => this.#options.first());
    if (this.#state === 'opening') this.#state = 'open';
    this.#next();
  }

  #next(): void {
    if (this.#state !== 'open' || (this.#running.size > 0 && !this.#options.delivery.isParallel)) return;
    const first = this.#waiting.shift();
    if (first === undefined) return;
    this.#waitingBytes -= first.bytes;
    const run = this.#guarded(() => this.#delayed(first.work)).finally(() => {
      this.#running.delete(run);
      this.#next();
    });
    this.#running.add(run);
    this.#next();
  }

  async #delayed(work: Work): Promise<void> {
    const delayMs = this.#options.delivery.delayMs();
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    await work();
  }

  async #guarded(work: Work): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.failed(error);
    }
  }
}
