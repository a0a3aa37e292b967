/**
 * The life of a call between one A-leg and the B-legs that were dialled for it, as a pure table.
 *
 *     routing --dialled--> calling --B answered--> talking --either ended--> over
 *        |                   |  ^                   |   ^
 *        |                   +--+ added, ringing    +---+ updates, hold, digits
 *        +--refused, A ended-+--A ended, all B ended, rung out--------------> over
 */
import type { LegId } from '@sylk/protocol/ids.ts';
import type { Accepted, LegEvent } from './call-leg.ts';
import { answeredElsewhere, causeOf, type EndCause } from './end-cause.ts';
import { causeOfFork, isFinalForAll } from './fork.ts';
import { type Calling, type CallState, digit, endOf, over, refuse, type Step } from './step.ts';
import type { CallEffect, CallInput } from './steps.ts';
import { whileTalking } from './talking.ts';

export type { CallState } from './step.ts';

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
    {
      name: 'talking',
      winner: leg,
      sourcesOfA: state.sourcesOfA,
      sourcesOfB: accepted.sources,
      isHeldBy: { a: state.isHeldByA, b: false },
      transferBy: undefined,
      updating: undefined,
    },
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

const rungOut = causeOf(408, 'callee', 'nobody answered in time');

const calling = (branches: readonly LegId[]): Calling => ({
  name: 'calling',
  branches,
  failed: [],
  early: undefined,
  isAlerting: false,
  sourcesOfA: [],
  isHeldByA: false,
});
