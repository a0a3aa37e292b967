import type { TransportStats } from '../ports/sfu.ts';

/** What a receiver can take, judged by what it loses; where we answered, browsers give no better estimate. */
export interface LossLimit {
  /** Bits per second; absent: nothing was lost lately, so nobody knows. */
  readonly bps?: number;
  readonly last?: { readonly at: number; readonly stats: TransportStats };
}

/** Losing more than `tooMuch` halves nobody's picture; under `fine` there is room to try a little more each second. */
const [fine, tooMuch] = [0.02, 0.1];
const [leastBps, mostBps] = [100_000, 2_500_000];
/** Below that many packets the share that was lost says nothing. */
const leastPackets = 20;

/**
 * Judges the time since the last look.
 *
 * @param at    ms, of any clock that goes on evenly
 * @param stats totals of the transport towards the receiver
 */
export function judgeLoss(before: LossLimit, at: number, stats: TransportStats): LossLimit {
  const last = { at, stats };
  const since = before.last;
  if (since === undefined || at <= since.at) return { ...before, last };
  const packets = stats.packetsOut - since.stats.packetsOut;
  if (packets < leastPackets) return { ...before, last };
  const lost = Math.max(0, (stats.packetsLostOut ?? 0) - (since.stats.packetsLostOut ?? 0)) / packets;
  const sentBps = ((stats.bytesOut - since.stats.bytesOut) * 8_000) / (at - since.at);
  return { bps: nextLimit(before.bps, sentBps, Math.min(1, lost)), last };
}

function nextLimit(bps: number | undefined, sentBps: number, lost: number): number | undefined {
  if (lost > tooMuch) return Math.max(leastBps, Math.round(sentBps * (1 - lost) * 0.9));
  if (bps === undefined || lost > fine) return bps;
  const more = Math.round(bps * 1.08);
  return more > mostBps ? undefined : more;
}
