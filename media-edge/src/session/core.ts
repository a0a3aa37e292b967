/**
 * One session as its browser sees it: a pure step from input to new data and effects.
 * The same input twice changes nothing the second time; see state.ts for what is allowed when.
 */
import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { SessionKey } from '@sylk/protocol/ids.ts';
import type { IncomingSessionEvent } from '@sylk/protocol/sylkrtc/events/account.ts';
import type { SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import { actsOf } from './acts.ts';
import { emit, postEvent, postReply, reply, type SessionData, type SessionStep } from './data.ts';
import { deadlineOf, whenTimeIsUp } from './deadline.ts';
import { confirm, emptyJournal } from './journal.ts';
import type { SessionEffect, SessionInput } from './messages.ts';
import { ackOf, errorOf, replyTo } from './replies.ts';
import { sdpRole } from './sdp-role.ts';
import { refusal } from './state.ts';
import { heard } from './tells.ts';

/** A session that its client creates; its request is acknowledged by `opened`. */
export const outgoing = (key: SessionKey, from: Attachment, canResume: boolean): SessionData => ({
  ...blank,
  key,
  direction: 'outgoing',
  attachment: from,
  canResume,
});

/** A session that rings at a device. */
export const incoming = (key: SessionKey, to: Attachment, event: IncomingSessionEvent): SessionStep =>
  emit({ ...blank, key, direction: 'incoming', attachment: to, canResume: false }, event);

/** Acknowledges the creating request. */
export const opened = (data: SessionData, transaction: string): SessionStep =>
  reply(data, data.attachment, ackOf(transaction));

export function next(data: SessionData, input: SessionInput): SessionStep {
  const [after, effects] = step(data, input);
  const [before, now] = [deadlineOf(data), deadlineOf(after)];
  if (now === undefined) return [after, before === undefined ? effects : [...effects, { do: 'disarm' }]];
  return [after, before?.why === now.why ? effects : [...effects, { do: 'arm', ms: now.ms }]];
}

function step(data: SessionData, input: SessionInput): SessionStep {
  switch (input.kind) {
    case 'request':
      return requested(data, input.from, input.request, input.problem);
    case 'resume':
      return resumed(data, input.from, input.request, input.problem);
    case 'ringAgain':
      return ringAgain(data, input.to);
    case 'connectionLost':
      return [{ ...data, isDetached: true }, []];
    case 'timeUp':
      return [data, whenTimeIsUp(data)];
    case 'tell':
      return heard(data, input.tell);
  }
}

function requested(
  data: SessionData,
  from: Attachment,
  request: SessionRequest,
  problem: string | undefined,
): SessionStep {
  if (from.epoch < data.attachment.epoch) return [data, []];
  const known = replyTo(data.replies, request.transaction);
  if (known) return [data, [postReply(from, known)]];
  const error = refusal(request, data) ?? problem;
  if (error !== undefined) return reply(data, from, errorOf(request.transaction, error));
  const [acked, effects] = reply(data, from, ackOf(request.transaction));
  const [after, more] = carryOut(acked, request);
  return [after, [...effects, ...more]];
}

function carryOut(data: SessionData, request: SessionRequest): SessionStep {
  const effects = actsOf(data, request).map((act): SessionEffect => ({ do: 'act', act }));
  switch (request.sylkrtc) {
    case 'session-answer':
      return [{ ...data, isAnswered: true, canResume: isGiven(request.resume) }, effects];
    case 'session-update':
      return isGlare(data, request.sdp) ? offerAgain(data) : [updating(data), effects];
    case 'session-ack':
      return confirmed(data, request.seq);
    default:
      return [data, effects];
  }
}

const isGlare = (data: SessionData, sdp: string): boolean =>
  data.state === 'remote-updating' && sdpRole(sdp) === 'offer';

/** Both sides offered at once: the client's offer is refused, which rolls it back, and ours is shown once more. */
function offerAgain(data: SessionData): SessionStep {
  const { session } = data.key;
  const [refused, first] = emit(data, {
    sylkrtc: 'session-event',
    session,
    event: 'update',
    state: 'failed',
    reason: '491 Request Pending',
  });
  const [again, second] = emit(refused, {
    sylkrtc: 'session-event',
    session,
    event: 'update',
    state: 'received',
    sdp: data.offered,
  });
  return [again, [...first, ...second]];
}

const updating = (data: SessionData): SessionData =>
  data.state === 'remote-updating' ? { ...data, offered: undefined } : { ...data, state: 'local-updating' };

/** A client that has the last event of a session will not come back to it. */
function confirmed(data: SessionData, seq: number): SessionStep {
  const after = { ...data, journal: confirm(data.journal, seq) };
  return [after, data.state === 'terminated' && seq >= data.journal.lastSeq ? [{ do: 'forget' }] : []];
}

function resumed(
  data: SessionData,
  from: Attachment,
  request: SessionResume,
  problem: string | undefined,
): SessionStep {
  const known = replyTo(data.replies, request.transaction);
  // On another connection the same message asks for more than its reply: that connection has nothing yet.
  if (known && isHere(data, from))
    return [{ ...data, attachment: latest(data.attachment, from) }, [postReply(from, known)]];
  if (from.epoch <= data.attachment.epoch) return [data, []];
  if (problem !== undefined) return reply(data, from, errorOf(request.transaction, problem));
  const journal = confirm(data.journal, request.last_event);
  const attached = { ...data, attachment: from, isDetached: false, canResume: true, journal };
  const [after, acked] = reply(attached, from, ackOf(request.transaction));
  const missed = journal.kept.map(({ seq, event }) => postEvent(after, seq, event));
  const restart: SessionEffect[] = isGiven(request.sdp)
    ? [{ do: 'act', act: { kind: 'restartIce', sdp: request.sdp } }]
    : [];
  return [after, [...farewell(data, from), ...acked, ...missed, ...restart]];
}

const isHere = ({ attachment, isDetached }: SessionData, from: Attachment): boolean =>
  !isDetached && attachment.connection === from.connection;

/** Signaling counts each resume, a repeated one as well. */
const latest = (one: Attachment, other: Attachment): Attachment => (other.epoch > one.epoch ? other : one);

/** The old connection hears that it is replaced, and nothing more. */
function farewell(data: SessionData, from: Attachment): readonly SessionEffect[] {
  const old = data.attachment.connection;
  if (data.isDetached || old === from.connection) return [];
  return [
    {
      do: 'post',
      connection: old,
      message: { sylkrtc: 'session-event', session: data.key.session, event: 'replaced' },
    },
  ];
}

function ringAgain(data: SessionData, to: Attachment): SessionStep {
  const rings = data.state === 'connecting' && data.direction === 'incoming' && !data.isAnswered;
  const isSame = to.connection === data.attachment.connection && !data.isDetached;
  if (!rings || isSame) return [data, []];
  const after = { ...data, attachment: to, isDetached: false };
  return [after, after.journal.kept.map(({ seq, event }) => postEvent(after, seq, event))];
}

/** Optional fields may be `null` on the wire, which means the same as absent. */
const isGiven = <Value>(value: Value): value is NonNullable<Value> => value !== undefined && value !== null;

const blank = {
  state: 'connecting',
  isAnswered: false,
  isDetached: false,
  media: 'none',
  offered: undefined,
  journal: emptyJournal,
  replies: [],
} as const;
