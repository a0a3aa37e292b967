import type { Call } from '../call/call.ts';
import type { CallLeg } from '../call/call-leg.ts';
import type { MediaCourse } from '../ladder/media-course.ts';
import type { Side } from '../ladder/side.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

export interface MediaLooksOptions {
  readonly course: MediaCourse;
  readonly clock: Clock;
  readonly log: Log;
  readonly call: Pick<Call, 'side'>;
}

/** Looks from time to time, while a call is up, what its media come to. */
export class MediaLooks {
  readonly #options: MediaLooksOptions;
  #timer: Timer | undefined;

  constructor(options: MediaLooksOptions) {
    this.#options = options;
  }

  start(): void {
    // What flows before the first look belongs to no stretch; soon after it there is something to tell of a short call.
    this.#lookIn(firstLookMs, () => this.#lookIn(secondLookMs, () => this.#goOn()));
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #goOn(): void {
    this.#lookIn(this.#options.course.intervalMs, () => this.#goOn());
  }

  #lookIn(delayMs: number, next: () => void): void {
    this.#timer = this.#options.clock.after(delayMs, () => {
      next();
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { call } = this.#options;
    await Promise.all([this.#lookAt('caller', call.side('a')?.leg), this.#lookAt('called', call.side('b')?.leg)]);
  }

  async #lookAt(side: Side, leg: CallLeg | undefined): Promise<void> {
    const { course, clock, log } = this.#options;
    try {
      const counts = (await leg?.mediaCounts?.()) ?? [];
      course.add(side, leg?.kind ?? '', clock.now(), counts);
    } catch (error) {
      // It has ended meanwhile, or is about to.
      log.debug({ err: error, leg: leg?.id }, 'a leg gave no numbers');
    }
  }
}

const firstLookMs = 200;
const secondLookMs = 1_000;
