import type { CallLadder, MediaSample } from '@sylk/protocol/edge/commands.ts';
import type { TransportStats } from '../ports/sfu.ts';
import type { Side } from './side.ts';

/** What the media of a call came to over time, for both sides. Bounded: a longer call is told in longer stretches. */
export class MediaCourse {
  readonly #sides = new Map<Side, Counted>();
  #intervalMs = firstIntervalMs;

  /** How long to wait before the next look. */
  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** @param transports what has been counted on this side up to `at`, in ms since 1970 */
  add(side: Side, kind: string, at: number, transports: readonly TransportStats[]): void {
    if (transports.length === 0) return;
    const now = { at, ...totals(transports) };
    const counted = this.#sides.get(side);
    if (counted === undefined) this.#sides.set(side, { kind, before: now, samples: [] });
    else {
      counted.samples.push(between(counted.before, now));
      counted.before = now;
      if (counted.samples.length > maxSamples) this.#widen();
    }
  }

  /** The caller first. */
  record(): NonNullable<CallLadder['media']> {
    return sides.flatMap((side) => {
      const { kind, samples } = this.#sides.get(side) ?? { kind: '', samples: [] };
      return samples.length === 0 ? [] : [{ side, kind, samples: [...samples] }];
    });
  }

  #widen(): void {
    this.#intervalMs *= 2;
    for (const counted of this.#sides.values()) counted.samples = inPairs(counted.samples);
  }
}

interface Totals extends Omit<MediaSample, 'ms'> {}

interface Counted {
  readonly kind: string;
  before: Totals;
  samples: MediaSample[];
}

const sides = ['caller', 'called'] as const satisfies readonly Side[];

const firstIntervalMs = 10_000;
const maxSamples = 40;

const totals = (transports: readonly TransportStats[]): Omit<Totals, 'at'> => {
  const sum = (of: (stats: TransportStats) => number): number =>
    transports.reduce((total, stats) => total + Math.max(0, of(stats)), 0);
  const jitters = transports.flatMap(({ jitterMs }) => jitterMs ?? []);
  return {
    packetsIn: sum(({ packetsIn }) => packetsIn),
    packetsOut: sum(({ packetsOut }) => packetsOut),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    lostIn: sum(({ packetsLost }) => packetsLost),
    ...(transports.some(({ packetsLostOut }) => packetsLostOut !== undefined)
      ? { lostOut: sum(({ packetsLostOut }) => packetsLostOut ?? 0) }
      : {}),
    ...(jitters.length === 0 ? {} : { jitterMs: Math.max(...jitters) }),
  };
};

/** A stream that ended takes its count along; what is less than before has grown by nothing. */
const between = (before: Totals, now: Totals): MediaSample => {
  const grown = (count: 'packetsIn' | 'packetsOut' | 'bytesIn' | 'bytesOut' | 'lostIn'): number =>
    Math.max(0, now[count] - before[count]);
  return {
    at: now.at,
    ms: now.at - before.at,
    packetsIn: grown('packetsIn'),
    packetsOut: grown('packetsOut'),
    bytesIn: grown('bytesIn'),
    bytesOut: grown('bytesOut'),
    lostIn: grown('lostIn'),
    ...(now.lostOut === undefined ? {} : { lostOut: Math.max(0, now.lostOut - (before.lostOut ?? 0)) }),
    ...(now.jitterMs === undefined ? {} : { jitterMs: now.jitterMs }),
  };
};

const inPairs = (samples: readonly MediaSample[]): MediaSample[] =>
  samples.flatMap((sample, index) => {
    const next = samples[index + 1];
    if (index % 2 === 1) return [];
    return [next === undefined ? sample : together(sample, next)];
  });

const together = (one: MediaSample, next: MediaSample): MediaSample => ({
  at: next.at,
  ms: one.ms + next.ms,
  packetsIn: one.packetsIn + next.packetsIn,
  packetsOut: one.packetsOut + next.packetsOut,
  bytesIn: one.bytesIn + next.bytesIn,
  bytesOut: one.bytesOut + next.bytesOut,
  lostIn: one.lostIn + next.lostIn,
  ...(next.lostOut === undefined ? {} : { lostOut: (one.lostOut ?? 0) + next.lostOut }),
  ...(next.jitterMs === undefined ? {} : { jitterMs: Math.max(one.jitterMs ?? 0, next.jitterMs) }),
});
