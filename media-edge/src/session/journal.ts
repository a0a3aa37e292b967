import { maxKeptEvents } from '@sylk/protocol/limits.ts';

/** The events of one session, numbered from 1 without gaps, and those that the client has not confirmed. */
export interface Journal<Event> {
  readonly lastSeq: number;
  /** At most `maxKeptEvents`; the oldest go first. */
  readonly kept: readonly { readonly seq: number; readonly event: Event }[];
}

export const emptyJournal = { lastSeq: 0, kept: [] } as const;

export function record<Event>(journal: Journal<Event>, event: Event): Journal<Event> {
  const seq = journal.lastSeq + 1;
  return { lastSeq: seq, kept: [...journal.kept, { seq, event }].slice(-maxKeptEvents) };
}

/** Drops what the client has; a number that was never given changes nothing beyond the last event. */
export function confirm<Event>(journal: Journal<Event>, seq: number): Journal<Event> {
  return { lastSeq: journal.lastSeq, kept: journal.kept.filter((entry) => entry.seq > seq) };
}
