/**
 * A call that was answered, as a pure table: two legs, until one of them ends or goes on in another call.
 *
 *     talking --updates, hold, digits--> talking --either ends--> over
 *        |                                  |--a side is handed over--> over, that leg yielded
 *        +--transfer under way, who asked for it hangs up--> over, the other leg yielded
 */
import type { LegId } from '@sylk/protocol/ids.ts';
import { updateAnswerMs } from '@sylk/protocol/limits.ts';
import type { Accepted, LegEvent } from './call-leg.ts';
import { answeredElsewhere, type EndCause } from './end-cause.ts';
import type { Offer } from './media.ts';
import { digit, endOf, over, refuse, type Step, type Talking } from './step.ts';
import type { CallEffect, CallInput, Side } from './steps.ts';

export function whileTalking(state: Talking, input: CallInput): Step {
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
    case 'transferBegun':
      return [{ ...state, transferBy: input.by }, []];
    case 'transferFailed':
      return [{ ...state, transferBy: undefined }, []];
    case 'handOver':
      return handOver(state, input.side, input.cause);
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
      if (state.transferBy === side) return left(state, opposite(side), event.cause);
      return over(event.cause, [...quiet, endOf(other, event.cause)], true);
    case 'transferAsked':
      return [state, [{ do: 'transfer', by: side, to: event.to }]];
    case 'updateOffered':
      return offered(state, side, event.offer);
    case 'sourcesChanged': {
      const known = { ...state, [side === 'a' ? 'sourcesOfA' : 'sourcesOfB']: event.sources };
      return [known, [{ do: 'connect', leg: other, sources: event.sources }]];
    }
    case 'held':
      return [
        { ...state, isHeldBy: { ...state.isHeldBy, [side]: event.isHeld } },
        [{ do: 'hold', leg: other, isHeld: event.isHeld }],
      ];
    case 'dtmf':
      return [state, [digit(other, event)]];
    case 'written':
      return [state, [{ do: 'write', leg: other, text: event.text, settle: event.settle }]];
    case 'capacity':
      return [state, [{ do: 'limit', leg: other, bps: event.bps }]];
    default:
      return [state, []];
  }
}

/** This side goes on elsewhere. */
function handOver(state: Talking, side: Side, cause: EndCause): Step {
  const yielded: CallEffect = { do: 'yield', side, leg: legOf(state, side), isLeft: false };
  return over(cause, [...quiet, yielded, endOf(legOf(state, opposite(side)), cause)], true);
}

/** Whoever asked for the transfer has hung up already; the other side waits for its new partner alone. */
function left(state: Talking, side: Side, cause: EndCause): Step {
  return over(cause, [...quiet, { do: 'yield', side, leg: legOf(state, side), isLeft: true }], true);
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

const quiet: readonly CallEffect[] = [{ do: 'disarm', timer: 'update' }];
const opposite = (side: Side): Side => (side === 'a' ? 'b' : 'a');
const legOf = (state: Talking, side: Side): 'a' | LegId => (side === 'a' ? 'a' : state.winner);
