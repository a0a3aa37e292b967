import { isObject } from './stored-json.ts';

/** What happened in a call on one time line, as `/api/calls/ID` tells it. */
export interface CallCourse {
  readonly from: string;
  readonly to: string;
  /** Why it ended or failed, in plain words. */
  readonly cause: string | undefined;
  readonly steps: readonly CallStep[];
  readonly media: readonly MediaOfSide[];
}

/** What the media of one side came to over time. */
export interface MediaOfSide {
  readonly side: 'caller' | 'called';
  readonly samples: readonly MediaStretch[];
}

/** The `ms` that end at `at`; "in" is what this side sent to the gateway. */
export interface MediaStretch {
  readonly at: number;
  readonly ms: number;
  readonly inKbps: number;
  readonly outKbps: number;
  /** Of what was sent, 0..1. */
  readonly inLoss: number;
  /** Absent where the other end does not report it. */
  readonly outLoss: number | undefined;
  readonly jitterMs: number | undefined;
}

export interface CallStep {
  /** ms since 1970. */
  readonly at: number;
  /** `browser`, `gateway`, `sip`, `media`. */
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** The message itself, redacted. */
  readonly detail: string | undefined;
}

/** @returns `undefined` for what is no course of a call */
export function courseIn(value: unknown): CallCourse | undefined {
  if (!isObject(value) || typeof value.from !== 'string' || typeof value.to !== 'string') return undefined;
  if (!Array.isArray(value.entries)) return undefined;
  const cause = typeof value.cause === 'string' ? value.cause : undefined;
  return {
    from: value.from,
    to: value.to,
    cause,
    steps: value.entries.flatMap(stepIn),
    media: listIn(value.media).flatMap(mediaIn),
  };
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function mediaIn(value: unknown): MediaOfSide[] {
  if (!isObject(value)) return [];
  const { side } = value;
  if (side !== 'caller' && side !== 'called') return [];
  return [{ side, samples: listIn(value.samples).flatMap(stretchIn) }];
}

function stretchIn(value: unknown): MediaStretch[] {
  if (!isObject(value)) return [];
  const { at, ms } = value;
  if (typeof at !== 'number' || typeof ms !== 'number' || ms <= 0) return [];
  const count = (name: string): number => (typeof value[name] === 'number' ? value[name] : 0);
  const kbps = (name: string): number => Math.round((count(name) * 8) / ms);
  const isTold = typeof value.lostOut === 'number';
  return [
    {
      at,
      ms,
      inKbps: kbps('bytesIn'),
      outKbps: kbps('bytesOut'),
      inLoss: shareOf(count('lostIn'), count('packetsIn') + count('lostIn')),
      outLoss: isTold ? shareOf(count('lostOut'), count('packetsOut')) : undefined,
      jitterMs: typeof value.jitterMs === 'number' ? value.jitterMs : undefined,
    },
  ];
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : Math.min(1, part / whole));

function stepIn(value: unknown): CallStep[] {
  if (!isObject(value)) return [];
  const { at, from, to, label, detail } = value;
  if (typeof at !== 'number' || typeof from !== 'string' || typeof to !== 'string' || typeof label !== 'string')
    return [];
  return [{ at, from, to, label, detail: typeof detail === 'string' ? detail : undefined }];
}
