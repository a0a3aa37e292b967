/** For the tests of the core: one session of Alice, requests for it, and what the steps come to in a few words. */
import { aor, connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import { next, opened, outgoing } from './core.ts';
import type { SessionData, SessionStep } from './data.ts';
import type { Frame, SessionInput, SessionTell } from './messages.ts';

export const alice = aor('alice@sylk.test');
export const key = { aor: alice, device: deviceId('d1'), session: sessionId('s1') };
export const at = (connection: string, epoch = 0) => ({
  connection: connectionId(connection),
  device: key.device,
  aor: alice,
  epoch,
  headerPrefixes: [],
});
export const offer = 'v=0\r\na=setup:actpass\r\n';
export const answer = 'v=0\r\na=setup:active\r\n';

export type Asked = SessionRequest extends infer Request
  ? Request extends unknown
    ? Omit<Request, 'session' | 'transaction'>
    : never
  : never;
export const request = (asked: Asked, transaction = 't'): SessionInput => ({
  kind: 'request',
  from: at('c1'),
  request: { ...asked, session: 's1', transaction },
});
export const create = request({ sylkrtc: 'session-create', account: alice, uri: 'bob@sylk.test', sdp: offer });
export const message = request({
  sylkrtc: 'session-message',
  message_id: 'm',
  content: 'x',
  content_type: 'text/plain',
  timestamp: 'now',
});
export const incomingEvent = {
  sylkrtc: 'account-event',
  account: 'alice@sylk.test',
  event: 'incoming-session',
  session: 's1',
  originator: { uri: 'bob@sylk.test' },
  sdp: offer,
  call_id: 'x',
} as const;
export const tell = (told: SessionTell): SessionInput => ({ kind: 'tell', tell: told });
export const resume = (transaction: string, epoch: number, last: number, sdp?: string): SessionInput => ({
  kind: 'resume',
  from: at(`c${epoch + 1}`, epoch),
  request: {
    sylkrtc: 'session-resume',
    transaction,
    account: alice,
    session: 's1',
    secret: 'x'.repeat(22),
    last_event: last,
    sdp,
  },
});

export function outgoingCall(canResume = false): SessionData {
  return opened(outgoing(key, at('c1'), canResume), 't0')[0];
}

export function established(canResume = false): SessionData {
  return play(
    outgoingCall(canResume),
    tell({ kind: 'progress' }),
    tell({ kind: 'accepted', sdp: 'x' }),
    tell({ kind: 'mediaUp' }),
  ).data;
}

export function ended(): SessionData {
  return play(outgoingCall(), tell({ kind: 'ended', reason: '200 OK' })).data;
}

export function play(start: SessionData, ...inputs: SessionInput[]) {
  let data = start;
  const frames: string[] = [];
  const acts: string[] = [];
  const timers: string[] = [];
  for (const input of inputs) {
    const step = next(data, input);
    data = step[0];
    frames.push(...framesOf(step));
    for (const effect of step[1]) {
      if (effect.do === 'act') acts.push(effect.act.kind === 'hangUp' ? `hangUp ${effect.act.why}` : effect.act.kind);
      else if (effect.do !== 'post') timers.push(effect.do === 'arm' ? `arm ${effect.ms}` : effect.do);
    }
  }
  return { data, frames, acts, timers };
}

export function framesOf([, effects]: SessionStep): string[] {
  return effects.flatMap((effect) => (effect.do === 'post' ? [short(effect.message)] : []));
}

export function seqOf([, effects]: SessionStep): unknown {
  const posted = effects.find((effect) => effect.do === 'post');
  return posted && 'seq' in posted.message ? posted.message.seq : undefined;
}

export function short(message: Frame): string {
  if (message.sylkrtc === 'ack') return `ack ${message.transaction}`;
  if (message.sylkrtc === 'error') return `error ${message.transaction}: ${message.error}`;
  return 'state' in message ? `${message.event} ${message.state}` : message.event;
}
