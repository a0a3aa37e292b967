import type { Clock, Timer } from '../../media-edge/src/ports/clock.ts';

/** A clock that stands still until `advance` moves it; callbacks run in the order of their times. */
export class FakeClock implements Clock {
  #now: number;
  #entries: { at: number; order: number; callback: () => void }[] = [];
  #order = 0;

  /** @param startMs ms since 1970 */
  constructor(startMs = 1_700_000_000_000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): Timer {
    const entry = { at: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#entries.push(entry);
    return { cancel: () => this.#drop(entry) };
  }

  /** Timers that are waiting, for tests that want none left. */
  get pending(): number {
    return this.#entries.length;
  }

  /** Moves time on and runs what falls due, also what those callbacks set. Promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let due = this.#nextUntil(end); due; due = this.#nextUntil(end)) {
      this.#drop(due);
      this.#now = due.at;
      due.callback();
      await settle();
    }
    this.#now = end;
  }

  #nextUntil(end: number) {
    return this.#entries
      .filter((entry) => entry.at <= end)
      .sort((left, right) => left.at - right.at || left.order - right.order)[0];
  }

  #drop(entry: { at: number; order: number; callback: () => void }): void {
    this.#entries = this.#entries.filter((other) => other !== entry);
  }
}

/** Lets every promise that can settle without a socket or a timer do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
