import type { SessionStateEvent } from '@sylk/protocol/sylkrtc/events/session.ts';
import { emit, type SessionData, type SessionStep } from './data.ts';
import type { SessionTell } from './messages.ts';
import type { SessionState } from './state.ts';
import { textSent, written } from './texts.ts';

/** What the call's news do to the session; after the end nothing does anything. */
export function heard(data: SessionData, tell: SessionTell): SessionStep {
  if (data.state === 'terminated') return [data, []];
  switch (tell.kind) {
    case 'progress':
      return data.state === 'connecting' ? state({ ...data, state: 'progress' }, { state: 'progress' }) : [data, []];
    case 'proceeding':
      return state(data, { state: 'proceeding', code: tell.code });
    case 'ringing':
      return state(data, { state: 'ringing' });
    case 'early':
      return state({ ...data, state: 'early_media' }, { state: 'early-media', sdp: tell.sdp, call_id: tell.callId });
    case 'accepted':
      return accepted(data, tell);
    case 'mediaUp':
      return mediaUp(data);
    case 'mediaLost':
      return mediaLost(data);
    case 'updateOffered':
      return update({ ...data, state: 'remote-updating', offered: tell.sdp }, 'received', tell.sdp);
    case 'updateAnswered':
      return update(backFrom(data, 'local-updating'), 'accepted', tell.sdp);
    case 'updateFailed':
      return updateFailed(data, tell.reason);
    case 'updateOver':
      return [{ ...backFrom(data, 'remote-updating'), offered: undefined }, []];
    case 'restarted':
      return update(data, 'accepted', tell.sdp);
    case 'held':
      return emit(data, { sylkrtc: 'session-event', session: data.key.session, event: 'hold', held: tell.isHeld });
    case 'transfer':
      return transfer(data, tell);
    case 'transferred':
      return emit(data, {
        sylkrtc: 'session-event',
        session: data.key.session,
        event: 'transferred',
        originator: tell.to,
      });
    case 'written':
      return written(data, tell.text);
    case 'textSent':
      return textSent(data, tell);
    case 'dtmf':
      return digit(data, tell.digit, tell.durationMs);
    case 'ended':
      return state({ ...data, state: 'terminated', offered: undefined }, { state: 'terminated', reason: tell.reason });
  }
}

/** With early media the call may be established before it is accepted; it stays so. */
function accepted(data: SessionData, tell: SessionTell & { kind: 'accepted' }): SessionStep {
  const after: SessionData = { ...data, state: data.media === 'up' ? 'established' : 'accepted' };
  return state(after, { state: 'accepted', sdp: tell.sdp, call_id: tell.callId, headers: tell.headers });
}

function mediaUp(data: SessionData): SessionStep {
  const after: SessionData = { ...data, media: 'up' };
  if (data.media === 'up') return [data, []];
  if (data.media === 'lost') return media(after, 'up');
  return state(
    { ...after, state: data.state === 'accepted' || data.state === 'early_media' ? 'established' : data.state },
    { state: 'established' },
  );
}

const mediaLost = (data: SessionData): SessionStep =>
  data.media === 'up' ? media({ ...data, media: 'lost' }, 'lost') : [data, []];

function updateFailed(data: SessionData, reason: string): SessionStep {
  const event = {
    sylkrtc: 'session-event',
    session: data.key.session,
    event: 'update',
    state: 'failed',
    reason,
  } as const;
  return emit(backFrom(data, 'local-updating'), event);
}

function backFrom(data: SessionData, from: SessionState): SessionData {
  if (data.state !== from) return data;
  return { ...data, state: data.media === 'none' ? 'accepted' : 'established' };
}

/** The part of a state event that is not the same in all of them. */
type StateFields = SessionStateEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'sylkrtc' | 'session' | 'event' | 'seq'>
    : never
  : never;

function state(data: SessionData, fields: StateFields): SessionStep {
  return emit(data, { sylkrtc: 'session-event', session: data.key.session, event: 'state', ...fields });
}

function update(data: SessionData, name: 'received' | 'accepted', sdp: string): SessionStep {
  return emit(data, { sylkrtc: 'session-event', session: data.key.session, event: 'update', state: name, sdp });
}

function media(data: SessionData, name: 'lost' | 'up'): SessionStep {
  return emit(data, { sylkrtc: 'session-event', session: data.key.session, event: 'media', state: name });
}

function transfer(data: SessionData, tell: SessionTell & { kind: 'transfer' }): SessionStep {
  const event = { sylkrtc: 'session-event', session: data.key.session, event: 'transfer' } as const;
  if (tell.state === 'failed') return emit(data, { ...event, state: 'failed', reason: tell.reason });
  return emit(data, { ...event, state: tell.state });
}

function digit(data: SessionData, pressed: string, durationMs: number): SessionStep {
  const event = {
    sylkrtc: 'session-event',
    session: data.key.session,
    event: 'dtmf',
    digit: pressed,
    duration: durationMs,
  } as const;
  return emit(data, event);
}
