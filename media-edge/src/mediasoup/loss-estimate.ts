/**
 * What a receiver can take, by what it says it lost. Rougher than an estimate from arrival times, and the only one
 * there is where no extension for those could be agreed on: a browser that offered uses other ids than the router.
 */
export interface LossSample {
  /** What was sent to it, bits per second. */
  readonly sentBps: number;
  /** 0..1, from its last report (RFC 3550 s. 6.4.1). */
  readonly lost: number;
}

/** Loss below this is that of any radio network, and no sign of a full queue. */
const tolerated = 0.02;
/** After a step down the queue of the bottleneck has to empty first. */
const restMs = 4000;
/** A step up, at each sample. */
const growth = 1.06;
/** Less is no picture. */
const leastBps = 120_000;
/** More than a call makes use of: no limit any more. */
const mostBps = 4_000_000;

export class LossEstimate {
  #limitBps = mostBps;
  #restUntilMs = 0;
  #lostBefore = false;

  /** @returns bits per second; to be asked once a second */
  next(sample: LossSample, nowMs: number): number {
    const isLossy = sample.lost > tolerated && sample.sentBps > 0;
    // One report may be about a burst that is over; two are a state.
    if (isLossy && this.#lostBefore) this.#stepDown(sample, nowMs);
    else if (!isLossy && nowMs >= this.#restUntilMs) this.#limitBps = Math.min(this.#limitBps * growth, mostBps);
    this.#lostBefore = isLossy && !this.#lostBefore;
    return Math.round(this.#limitBps);
  }

  #stepDown({ sentBps, lost }: LossSample, nowMs: number): void {
    this.#limitBps = Math.max(leastBps, Math.min(this.#limitBps, sentBps * (1 - lost) * 0.95));
    this.#restUntilMs = nowMs + restMs;
  }
}
