import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { BrowserTransport } from '../ports/sfu.ts';
import { judgeLoss, type LossLimit } from './loss-limit.ts';

export interface LossWatchOptions {
  readonly transport: BrowserTransport;
  readonly clock: Clock;
  readonly log: Log;
  /** True while the browser gets a picture: only that is worth limiting. */
  getsVideo(): boolean;
  /** What the browser can take, bits per second, when that has changed; without limit: a rate that no browser sends. */
  onCapacity(bps: number): void;
}

/** Browsers report their losses about once a second. */
const lookMs = 1_000;
const unlimitedBps = 10_000_000;

/** Looks every second how much of the video a browser loses. */
export class LossWatch {
  readonly #options: LossWatchOptions;
  #limit: LossLimit = {};
  #timer: Timer | undefined;

  constructor(options: LossWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= this.#options.clock.after(lookMs, () => void this.#look());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { transport, clock, log, getsVideo } = this.#options;
    this.#timer = clock.after(lookMs, () => void this.#look());
    if (!getsVideo()) return;
    try {
      const before = this.#limit.bps;
      this.#limit = judgeLoss(this.#limit, clock.now(), await transport.stats());
      if (this.#limit.bps !== before) this.#options.onCapacity(this.#limit.bps ?? unlimitedBps);
    } catch (error) {
      log.debug({ err: error }, 'a transport gave no numbers');
    }
  }
}
