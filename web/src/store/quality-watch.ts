import type { Call } from '../client/call.ts';
import type { Clock, Timer } from '../client/clock.ts';
import { judge, type Quality, type QualitySample, sampleOf } from './call-quality.ts';
import type { StoreMessages } from './messages/en.ts';

export interface QualityWatchOptions {
  readonly clock: Clock;
  readonly messages: StoreMessages;
  /** Nothing is expected to arrive (hold), or its absence is told otherwise (reconnecting). */
  isPaused(): boolean;
  changed(quality: Quality | undefined): void;
}

/** Looks at a call's counters every two seconds for as long as people talk. */
export class QualityWatch {
  readonly #call: Call;
  readonly #options: QualityWatchOptions;
  #timer: Timer | undefined;
  #before: QualitySample | undefined;
  #isClosed = false;

  constructor(call: Call, options: QualityWatchOptions) {
    this.#call = call;
    this.#options = options;
    this.#schedule();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    this.#timer = this.#options.clock.after(everyMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const report = await this.#call.getStats();
    if (this.#isClosed) return;
    this.#schedule();
    const sample = report && sampleOf(report);
    const before = this.#before;
    const now = this.#options.isPaused() ? undefined : sample;
    this.#before = now;
    this.#options.changed(before && now && judge(before, now, this.#options.messages));
  }
}

const everyMs = 2_000;
