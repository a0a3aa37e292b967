/** What a call can be, and how its steps are written down; state.ts and talking.ts say what they are. */
import type { LegId } from '@sylk/protocol/ids.ts';
import type { EndCause } from './end-cause.ts';
import type { Source } from './media.ts';
import type { CallEffect, Side } from './steps.ts';

export type CallState =
  | { readonly name: 'routing' }
  | Calling
  | Talking
  | { readonly name: 'over'; readonly cause: EndCause };

export interface Calling {
  readonly name: 'calling';
  /** The legs that still may answer. */
  readonly branches: readonly LegId[];
  readonly failed: readonly EndCause[];
  /** The leg whose media the A-leg already gets; no other may give early media. */
  readonly early: LegId | undefined;
  readonly isAlerting: boolean;
  readonly sourcesOfA: readonly Source[];
  readonly isHeldByA: boolean;
}

export interface Talking {
  readonly name: 'talking';
  readonly winner: LegId;
  readonly sourcesOfA: readonly Source[];
  readonly sourcesOfB: readonly Source[];
  readonly isHeldBy: Readonly<Record<Side, boolean>>;
  /** Who hands the other side on, while that is under way. */
  readonly transferBy: Side | undefined;
  /** Whose offer the other leg has not answered yet. */
  readonly updating: Side | undefined;
}

export type Step = readonly [CallState, readonly CallEffect[]];

export const over = (cause: EndCause, effects: readonly CallEffect[], wasAnswered = false): Step => [
  { name: 'over', cause },
  [...effects, { do: 'over', cause, wasAnswered }],
];
export const endOf = (leg: 'a' | LegId, cause: EndCause): CallEffect => ({ do: 'end', leg, cause });
export const refuse = (leg: 'a' | LegId): CallEffect => ({ do: 'answerUpdate', leg, accepted: undefined });
export const digit = (leg: 'a' | LegId, event: { digit: string; durationMs: number }): CallEffect => ({
  do: 'dtmf',
  leg,
  digit: event.digit,
  durationMs: event.durationMs,
});
