import type { StoreMessages } from './messages/en.ts';
import type { CallView } from './snapshot.ts';

export type Quality = NonNullable<CallView['quality']>;

/** The browser's counters at one moment. */
export interface QualitySample {
  /** Packets of each stream since it began, by the browser's name for it; a hold or added video begins new ones. */
  readonly streams: Readonly<Record<string, { readonly received: number; readonly lost: number }>>;
  /** Seconds, the worst of the streams. */
  readonly jitter: number;
  /** Seconds to the gateway and back. */
  readonly roundTrip: number | undefined;
  /** Share of our own packets that the gateway missed, 0..1. */
  readonly lostOnTheWayOut: number;
}

/** Picks out of the browser's report what the quality shows. */
export function sampleOf(report: RTCStatsReport): QualitySample {
  const entries = [...report.values()].filter(isEntry);
  const inbound = entries.filter((entry) => entry.type === 'inbound-rtp');
  const pair = entries.find(
    (entry) => entry.type === 'candidate-pair' && entry.nominated === true && entry.state === 'succeeded',
  );
  const remote = entries.filter((entry) => entry.type === 'remote-inbound-rtp');
  return {
    streams: Object.fromEntries(
      inbound.map((entry) => [
        String(entry.id),
        { received: numberOf(entry.packetsReceived), lost: numberOf(entry.packetsLost) },
      ]),
    ),
    jitter: Math.max(0, ...inbound.map((entry) => numberOf(entry.jitter))),
    roundTrip: typeof pair?.currentRoundTripTime === 'number' ? pair.currentRoundTripTime : undefined,
    lostOnTheWayOut: Math.max(0, ...remote.map((entry) => numberOf(entry.fractionLost))),
  };
}

/** Three bars and a sentence for what happened between two samples. */
export function judge(before: QualitySample, now: QualitySample, { quality }: StoreMessages): Quality {
  const received = grown(before, now, 'received');
  const lost = grown(before, now, 'lost');
  if (received <= 0) return { bars: 0, sentence: quality.nothing };
  const percent = Math.round(100 * Math.max(lost / (received + lost), now.lostOnTheWayOut));
  const roundTripMs = Math.round((now.roundTrip ?? 0) * 1000);
  if (percent >= badLossPercent) return { bars: 1, sentence: quality.bad(percent) };
  if (roundTripMs >= badRoundTripMs) return { bars: 1, sentence: quality.verySlow(roundTripMs) };
  if (percent >= fairLossPercent) return { bars: 2, sentence: quality.lossy(percent) };
  if (roundTripMs >= fairRoundTripMs) return { bars: 2, sentence: quality.slow(roundTripMs) };
  if (now.jitter >= fairJitterSec) return { bars: 2, sentence: quality.uneven };
  return { bars: 3, sentence: quality.good };
}

/** How far a counter rose in all streams together; one that began anew counts from nothing. */
function grown(before: QualitySample, now: QualitySample, counter: 'received' | 'lost'): number {
  const rises = Object.entries(now.streams).map(
    ([id, stream]) => stream[counter] - (before.streams[id]?.[counter] ?? 0),
  );
  return rises.reduce((total, rise) => total + Math.max(0, rise), 0);
}

/** From so much loss on speech is hard to follow; half-way there it is noticed (ITU-T G.113, packet loss with PLC). */
const badLossPercent = 8;
const fairLossPercent = 2;
/** ITU-T G.114: beyond 400 ms one way people talk over one another; 200 ms are noticed. */
const badRoundTripMs = 800;
const fairRoundTripMs = 400;
const fairJitterSec = 0.06;

type Entry = Readonly<Record<string, unknown>>;
const isEntry = (value: unknown): value is Entry => typeof value === 'object' && value !== null;
const numberOf = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
