import type { Clock, Timer } from '../../ports/clock.ts';

/** What is due, and when, ms since 1970. */
interface Due {
  at: number;
  readonly callback: () => void;
}

/**
 * Times of many things on one timer: thousands of registrations are refreshed within the hour, each at its own time.
 * Nothing is due earlier than asked for, and nothing later than a tick after.
 */
export class DueTimes<Key extends object> {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #byKey = new Map<Key, Due>();
  #ticking: Timer | undefined;

  constructor(clock: Clock, tickMs = 250) {
    this.#clock = clock;
    this.#tickMs = tickMs;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Each key has one time; a later call takes the place of an earlier one. */
  set(key: Key, delayMs: number, callback: () => void): void {
    this.#byKey.set(key, { at: this.#clock.now() + delayMs, callback });
    this.#tickLater();
  }

  cancel(key: Key): void {
    this.#byKey.delete(key);
  }

  close(): void {
    this.#ticking?.cancel();
    this.#byKey.clear();
  }

  #tickLater(): void {
    if (this.#ticking !== undefined || this.#byKey.size === 0) return;
    this.#ticking = this.#clock.after(this.#tickMs, () => {
      this.#ticking = undefined;
      this.#tick();
      this.#tickLater();
    });
  }

  #tick(): void {
    const now = this.#clock.now();
    const due = [...this.#byKey].filter(([, { at }]) => at <= now);
    for (const [key] of due) this.#byKey.delete(key);
    for (const [, { callback }] of due) callback();
  }
}
