import type { Clock } from '../../ports/clock.ts';

/** More are not remembered; those that are not only have to keep to the limits of strangers. */
const maxSources = 50_000;

/** Addresses from which phones of ours have registered: no strangers for as long as their contacts live. */
export class RegisteredSources {
  readonly #clock: Clock;
  /** Until when, in ms since 1970. */
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#until.size;
  }

  *addresses(): Iterable<string> {
    const now = this.#clock.now();
    for (const [address, until] of this.#until) {
      if (until > now) yield address;
      else this.#until.delete(address);
    }
  }

  note(address: string, until: number): void {
    const known = this.#until.get(address) ?? 0;
    if (known === 0 && this.#until.size >= maxSources) return;
    this.#until.set(address, Math.max(known, until));
  }
}
