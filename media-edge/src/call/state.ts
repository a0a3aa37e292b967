/**
 * The life of a call between one A-leg and the B-legs that were dialled for it, as a pure table.
 *
 *     routing --dialled--> calling --B answered--> talking --either ended--> over
 *        |                   |  ^                   |   ^
 *        |                   +--+ added, ringing    +---+ updates, hold, digits
 *        +--refused, A ended-+--A ended, all B ended, rung out--------------> over
 */
import type { LegId } from '@sylk/protocol/ids.ts';
import { updateAnswerMs } from '@sylk/protocol/limits.ts';
import type { Accepted, LegEvent } from './call-leg.ts';
import { answeredElsewhere, causeOf, type EndCause } from './end-cause.ts';
import { causeOfFork, isFinalForAll } from './fork.ts';
import type { Offer, Source } from './media.ts';
import type { CallEffect, CallInput, Side } from './steps.ts';

export type CallState =
  | { readonly name: 'routing' }
  | Calling
  | Talking
  | { readonly name: 'over'; readonly cause: EndCause };

interface Calling {
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

interface Talking {
  readonly name: 'talking';
  readonly winner: LegId;
  readonly sourcesOfA: readonly Source[];
  /** Whose offer the other leg has not answered yet. */
  readonly updating: Side | undefined;
}

export type Step = readonly [CallState, readonly CallEffect[]];

export const newCall: CallState = { name: 'routing' };

/** What the call becomes by an input, and what is to be done; an input that means nothing now changes nothing. */
export function next(state: CallState, input: CallInput): Step {
  switch (state.name) {
    case 'routing':
      return whileRouting(state, input);
    case 'calling':
      return whileCalling(state, input);
    case 'talking':
      return whileTalking(state, input);
    case 'over':
      return [state, comers(input).map((leg) => endOf(leg, state.cause))];
  }
}

/** Legs that come when nobody waits for them any more. */
function comers(input: CallInput): readonly LegId[] {
  if (input.kind === 'added') return [input.leg];
  return input.kind === 'dialled' ? input.legs : [];
}

function whileRouting(state: CallState, input: CallInput): Step {
  if (input.kind === 'dialled') {
    const starts = input.legs.map((leg): CallEffect => ({ do: 'start', leg }));
    return [calling(input.legs), [...starts, { do: 'arm', timer: 'ring', ms: input.ringMs }]];
  }
  if (input.kind === 'end') return over(input.cause, [endOf('a', input.cause)]);
  if (input.kind === 'fromA' && input.event.kind === 'ended') return over(input.event.cause, []);
  return [state, []];
}

function whileCalling(state: Calling, input: CallInput): Step {
  switch (input.kind) {
    case 'added':
      return [{ ...state, branches: [...state.branches, input.leg] }, [{ do: 'start', leg: input.leg }]];
    case 'fromA':
      return callingFromA(state, input.event);
    case 'fromB':
      return callingFromB(state, input.leg, input.event);
    case 'end':
      return fail(state, input.cause, true);
    case 'timeUp':
      return input.timer === 'ring' ? fail(state, rungOut, true) : [state, []];
    default:
      return [state, []];
  }
}

function callingFromA(state: Calling, event: LegEvent): Step {
  switch (event.kind) {
    case 'ended':
      return fail(state, event.cause, false);
    case 'held':
      return [{ ...state, isHeldByA: event.isHeld }, []];
    case 'updateOffered':
      return [state, [refuse('a')]];
    case 'sourcesChanged': {
      const heard: CallEffect[] = state.early ? [{ do: 'connect', leg: state.early, sources: event.sources }] : [];
      return [{ ...state, sourcesOfA: event.sources }, heard];
    }
    case 'dtmf':
      return [state, state.early ? [digit(state.early, event)] : []];
    default:
      return [state, []];
  }
}

function callingFromB(state: Calling, leg: LegId, event: LegEvent): Step {
  if (!state.branches.includes(leg)) return [state, event.kind === 'answered' ? [endOf(leg, answeredElsewhere)] : []];
  switch (event.kind) {
    case 'trying':
      return [state, state.isAlerting ? [] : [{ do: 'trying', code: event.code }]];
    case 'ringing':
      return state.isAlerting ? [state, []] : [{ ...state, isAlerting: true }, [{ do: 'ring' }]];
    case 'early':
      return early(state, leg, event);
    case 'answered':
      return answered(state, leg, event);
    case 'sourcesChanged':
      return [state, state.early === leg ? [{ do: 'connect', leg: 'a', sources: event.sources }] : []];
    case 'dtmf':
      return [state, state.early === leg ? [digit('a', event)] : []];
    case 'updateOffered':
      return [state, [refuse(leg)]];
    case 'ended':
      return branchFailed(state, leg, event.cause);
    default:
      return [state, []];
  }
}

/** The first early media is taken, and with it the codec (a later one would need another answer). */
function early(state: Calling, leg: LegId, accepted: Accepted): Step {
  if (state.early === leg) return [state, [{ do: 'connect', leg: 'a', sources: accepted.sources }]];
  if (state.early !== undefined) return [state, []];
  const heard: CallEffect[] = state.sourcesOfA.length > 0 ? [{ do: 'connect', leg, sources: state.sourcesOfA }] : [];
  const told: CallEffect[] = [
    { do: 'ring', early: accepted },
    { do: 'connect', leg: 'a', sources: accepted.sources },
  ];
  return [{ ...state, early: leg, isAlerting: true }, [...told, ...heard]];
}

function answered(state: Calling, leg: LegId, accepted: Accepted): Step {
  const losers = state.branches.filter((other) => other !== leg).map((other) => endOf(other, answeredElsewhere));
  const heard: CallEffect[] = state.sourcesOfA.length > 0 ? [{ do: 'connect', leg, sources: state.sourcesOfA }] : [];
  const held: CallEffect[] = state.isHeldByA ? [{ do: 'hold', leg, isHeld: true }] : [];
  return [
    { name: 'talking', winner: leg, sourcesOfA: state.sourcesOfA, updating: undefined },
    [
      { do: 'disarm', timer: 'ring' },
      { do: 'won', leg },
      { do: 'accept', accepted },
      { do: 'connect', leg: 'a', sources: accepted.sources },
      ...heard,
      ...held,
      ...losers,
    ],
  ];
}

function branchFailed(state: Calling, leg: LegId, cause: EndCause): Step {
  const branches = state.branches.filter((other) => other !== leg);
  const failed = [...state.failed, cause];
  const rest = { ...state, branches, failed, early: state.early === leg ? undefined : state.early };
  if (branches.length === 0 || isFinalForAll(cause)) return fail(rest, causeOfFork(failed), true);
  return [rest, []];
}

/** Ends all that is left; the A-leg only where it does not know yet. */
function fail(state: Calling, cause: EndCause, tellA: boolean): Step {
  const branches = state.branches.map((leg) => endOf(leg, cause));
  return over(cause, [{ do: 'disarm', timer: 'ring' }, ...(tellA ? [endOf('a', cause)] : []), ...branches]);
}

function whileTalking(state: Talking, input: CallInput): Step {
  switch (input.kind) {
    case 'added':
      return [state, [endOf(input.leg, answeredElsewhere)]];
    case 'fromA':
      return talkingFrom(state, 'a', input.event);
    case 'fromB':
      return fromWinner(state, input.leg, input.event);
    case 'updateAnswered':
      return updateDone(state, input.to, input.accepted);
    case 'updateRefused':
      return updateDone(state, input.to, undefined);
    case 'timeUp':
      return input.timer === 'update' ? updateTooLate(state) : [state, []];
    case 'end':
      return over(input.cause, [...quiet, endOf('a', input.cause), endOf(state.winner, input.cause)], true);
    case 'dialled':
      return [state, []];
  }
}

/** A leg that lost the race may still send what crossed with its end; an answer among that is undone. */
function fromWinner(state: Talking, leg: LegId, event: LegEvent): Step {
  if (leg === state.winner) return talkingFrom(state, 'b', event);
  return [state, event.kind === 'answered' ? [endOf(leg, answeredElsewhere)] : []];
}

function talkingFrom(state: Talking, side: Side, event: LegEvent): Step {
  const other = legOf(state, opposite(side));
  switch (event.kind) {
    case 'ended':
      return over(event.cause, [...quiet, endOf(other, event.cause)], true);
    case 'updateOffered':
      return offered(state, side, event.offer);
    case 'sourcesChanged': {
      const known = side === 'a' ? { ...state, sourcesOfA: event.sources } : state;
      return [known, [{ do: 'connect', leg: other, sources: event.sources }]];
    }
    case 'held':
      return [state, [{ do: 'hold', leg: other, isHeld: event.isHeld }]];
    case 'dtmf':
      return [state, [digit(other, event)]];
    case 'capacity':
      return [state, [{ do: 'limit', leg: other, bps: event.bps }]];
    default:
      return [state, []];
  }
}

/** RFC 3261 s. 14.1: one change at a time; whoever comes second is refused. */
function offered(state: Talking, by: Side, offer: Offer): Step {
  if (state.updating !== undefined) return [state, [refuse(legOf(state, by))]];
  const to = opposite(by);
  return [
    { ...state, updating: by },
    [
      { do: 'arm', timer: 'update', ms: updateAnswerMs },
      { do: 'offer', to, leg: legOf(state, to), offer },
    ],
  ];
}

function updateDone(state: Talking, answeredBy: Side, accepted: Accepted | undefined): Step {
  if (state.updating !== opposite(answeredBy)) return [state, []];
  const asker = legOf(state, state.updating);
  return [
    { ...state, updating: undefined },
    [
      { do: 'disarm', timer: 'update' },
      { do: 'answerUpdate', leg: asker, accepted },
    ],
  ];
}

function updateTooLate(state: Talking): Step {
  if (state.updating === undefined) return [state, []];
  const asked = legOf(state, opposite(state.updating));
  return [{ ...state, updating: undefined }, [{ do: 'abandon', leg: asked }, refuse(legOf(state, state.updating))]];
}

const rungOut = causeOf(408, 'callee', 'nobody answered in time');
const quiet: readonly CallEffect[] = [{ do: 'disarm', timer: 'update' }];

const calling = (branches: readonly LegId[]): Calling => ({
  name: 'calling',
  branches,
  failed: [],
  early: undefined,
  isAlerting: false,
  sourcesOfA: [],
  isHeldByA: false,
});
const over = (cause: EndCause, effects: readonly CallEffect[], wasAnswered = false): Step => [
  { name: 'over', cause },
  [...effects, { do: 'over', cause, wasAnswered }],
];
const opposite = (side: Side): Side => (side === 'a' ? 'b' : 'a');
const legOf = (state: Talking, side: Side): 'a' | LegId => (side === 'a' ? 'a' : state.winner);
const endOf = (leg: 'a' | LegId, cause: EndCause): CallEffect => ({ do: 'end', leg, cause });
const refuse = (leg: 'a' | LegId): CallEffect => ({ do: 'answerUpdate', leg, accepted: undefined });
const digit = (leg: 'a' | LegId, event: { digit: string; durationMs: number }): CallEffect => ({
  do: 'dtmf',
  leg,
  digit: event.digit,
  durationMs: event.durationMs,
});
