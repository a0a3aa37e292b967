import type { Clock, Timer } from '../../client/clock.ts';

/** Who is writing just now, as far as they say so. */
export class TypingPeople {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #typing = new Map<string, Timer>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  has(contact: string): boolean {
    return this.#typing.has(contact);
  }

  /**
   * RFC 3994 s. 3.2: it holds until something else is said, or for the given time.
   *
   * @param refresh s
   */
  heard(contact: string, state: string, refresh: number): void {
    if (state !== 'active') return this.stop(contact);
    this.#typing.get(contact)?.cancel();
    const seconds = Math.min(Math.max(refresh, leastSeconds), mostSeconds);
    this.#typing.set(
      contact,
      this.#clock.after(seconds * 1_000, () => this.stop(contact)),
    );
    this.#changed();
  }

  stop(contact: string): void {
    const timer = this.#typing.get(contact);
    if (timer === undefined) return;
    timer.cancel();
    this.#typing.delete(contact);
    this.#changed();
  }

  close(): void {
    for (const timer of this.#typing.values()) timer.cancel();
    this.#typing.clear();
  }
}

const leastSeconds = 5;
/** Whoever went away without a word does not write for ever. */
const mostSeconds = 120;
