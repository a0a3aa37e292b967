import type { Clock, Timer } from '../../ports/clock.ts';
import type { SessionInterval } from './session-interval.ts';

export interface SessionTimerOptions {
  readonly clock: Clock;
  /** Sends an UPDATE or a re-INVITE. */
  readonly refresh: () => void;
  /** Nobody has refreshed in time. */
  readonly expire: () => void;
}

/** Sees to it that a call whose other side is gone ends (RFC 4028): refreshes it, or waits for the peer to do so. */
export class SessionTimer {
  readonly #options: SessionTimerOptions;
  #agreed: SessionInterval | undefined;
  #refresh: Timer | undefined;
  #expiry: Timer | undefined;

  constructor(options: SessionTimerOptions) {
    this.#options = options;
  }

  get agreed(): SessionInterval | undefined {
    return this.#agreed;
  }

  /** A request with a 2xx has begun a new interval. */
  begin(interval: SessionInterval | undefined): void {
    this.stop();
    this.#agreed = interval;
    if (interval === undefined) return;
    const { clock, refresh, expire } = this.#options;
    const { intervalS, refresher } = interval;
    if (refresher === 'us') this.#refresh = clock.after(500 * intervalS, refresh);
    // RFC 4028 s. 10: the smaller of 32 s and a third of the interval before its end.
    this.#expiry = clock.after(1_000 * (intervalS - Math.min(32, intervalS / 3)), expire);
  }

  stop(): void {
    this.#refresh?.cancel();
    this.#expiry?.cancel();
  }
}
