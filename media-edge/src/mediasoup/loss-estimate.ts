/**
 * What a receiver can take, by what it says it lost. Rougher than an estimate from arrival times, and the only one
 * there is where no extension for those could be agreed on: a browser that offered uses other ids than the router.
 */
export interface LossSample {
  /** What was sent to it, bits per second. */
  readonly sentBps: number;
  /** 0..1, since the sample before. */
  readonly lost: number;
}

/** What a sender has counted so far. */
export interface SentTotals {
  readonly packets: number;
  /** By the receiver's reports (RFC 3550 s. 6.4.1). */
  readonly packetsLost: number;
  /** That the receiver has asked for again (RFC 4585 s. 6.2.1). */
  readonly packetsAskedFor: number;
}

/**
 * The share that was lost between two looks, 0..1. Reports alone would not tell: what is repaired within the stream
 * itself counts as received there.
 */
export function lostShare(before: SentTotals, now: SentTotals): number {
  const sent = now.packets - before.packets;
  const lost = Math.max(now.packetsLost - before.packetsLost, now.packetsAskedFor - before.packetsAskedFor);
  return sent <= 0 ? 0 : Math.min(1, Math.max(0, lost / sent));
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
