import { isObject } from './stored-json.ts';

/** What happened in a call on one time line, as `/api/calls/ID` tells it. */
export interface CallCourse {
  readonly from: string;
  readonly to: string;
  /** Why it ended or failed, in plain words. */
  readonly cause: string | undefined;
  readonly steps: readonly CallStep[];
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
  return { from: value.from, to: value.to, cause, steps: value.entries.flatMap(stepIn) };
}

function stepIn(value: unknown): CallStep[] {
  if (!isObject(value)) return [];
  const { at, from, to, label, detail } = value;
  if (typeof at !== 'number' || typeof from !== 'string' || typeof to !== 'string' || typeof label !== 'string')
    return [];
  return [{ at, from, to, label, detail: typeof detail === 'string' ? detail : undefined }];
}
