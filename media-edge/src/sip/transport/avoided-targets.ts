import type { Clock } from '../../ports/clock.ts';
import { describe, type Endpoint } from './flow.ts';

/** How long a server that failed comes last, in ms. RFC 3263 s. 4.3 leaves it open; a restart takes about as long. */
const avoidMs = 60_000;
const maxRemembered = 1_000;

/** Remembers servers that did not answer, so that the next request goes to another one first. */
export class AvoidedTargets {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  failed(target: Endpoint): void {
    const [oldest] = this.#until.keys();
    if (this.#until.size >= maxRemembered && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(describe(target), this.#clock.now() + avoidMs);
  }

  worked(target: Endpoint): void {
    this.#until.delete(describe(target));
  }

  /** The same targets; those that failed lately come last, as they may still be better than none. */
  order<One extends Endpoint>(targets: readonly One[]): One[] {
    return targets.toSorted((a, b) => Number(this.#isAvoided(a)) - Number(this.#isAvoided(b)));
  }

  #isAvoided(target: Endpoint): boolean {
    return (this.#until.get(describe(target)) ?? 0) > this.#clock.now();
  }
}
