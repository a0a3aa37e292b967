import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aor, connectionId, deviceId, sessionId } from '@sylk/protocol/ids.ts';
import type { SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import { incoming, next, opened, outgoing } from './core.ts';
import type { SessionData, SessionStep } from './data.ts';
import type { Frame, SessionInput, SessionTell } from './messages.ts';

const alice = aor('alice@sylk.test');
const key = { aor: alice, device: deviceId('d1'), session: sessionId('s1') };
const at = (connection: string, epoch = 0) => ({
  connection: connectionId(connection), device: key.device, aor: alice, epoch, headerPrefixes: [],
});
const offer = 'v=0\r\na=setup:actpass\r\n';
const answer = 'v=0\r\na=setup:active\r\n';

type Asked = SessionRequest extends infer Request ? (Request extends unknown ? Omit<Request, 'session' | 'transaction'> : never) : never;
const request = (asked: Asked, transaction = 't'): SessionInput => ({
  kind: 'request', from: at('c1'), request: { ...asked, session: 's1', transaction },
});
const create = request({ sylkrtc: 'session-create', account: alice, uri: 'bob@sylk.test', sdp: offer });
const message = request({ sylkrtc: 'session-message', message_id: 'm', content: 'x', content_type: 'text/plain', timestamp: 'now' });
const incomingEvent = {
  sylkrtc: 'account-event', account: 'alice@sylk.test', event: 'incoming-session', session: 's1',
  originator: { uri: 'bob@sylk.test' }, sdp: offer, call_id: 'x',
} as const;
const tell = (told: SessionTell): SessionInput => ({ kind: 'tell', tell: told });
const resume = (transaction: string, epoch: number, last: number, sdp?: string): SessionInput => ({
  kind: 'resume', from: at(`c${epoch + 1}`, epoch),
  request: { sylkrtc: 'session-resume', transaction, account: alice, session: 's1', secret: 'x'.repeat(22), last_event: last, sdp },
});

describe('an outgoing call', () => {
  test('is acknowledged, then told in order', () => {
    const run = play(outgoingCall(), tell({ kind: 'progress' }), tell({ kind: 'ringing' }),
      tell({ kind: 'accepted', sdp: 'answer' }), tell({ kind: 'mediaUp' }));
    assert.deepEqual(run.frames, ['state progress', 'state ringing', 'state accepted', 'state established']);
    assert.equal(run.data.state, 'established');
  });

  test('with early media is accepted without SDP and stays established', () => {
    const run = play(outgoingCall(), tell({ kind: 'early', sdp: 'answer' }), tell({ kind: 'mediaUp' }), tell({ kind: 'accepted' }));
    assert.deepEqual(run.frames, ['state early-media', 'state established', 'state accepted']);
    assert.equal(run.data.state, 'established');
  });

  test('media that is up before the answer is told again after it is lost and back', () => {
    const run = play(established(), tell({ kind: 'mediaLost' }), tell({ kind: 'mediaLost' }), tell({ kind: 'mediaUp' }));
    assert.deepEqual(run.frames, ['media lost', 'media up']);
  });
});

describe('what is refused, and with which words', () => {
  const ringing = () => incoming(key, at('c1'), incomingEvent)[0];
  const rows: readonly (readonly [SessionData, SessionInput, string])[] = [
    [outgoingCall(), create, 'Session ID s1 already in use'],
    [outgoingCall(), request({ sylkrtc: 'session-answer', sdp: answer }), 'Cannot answer outgoing session s1'],
    [outgoingCall(), request({ sylkrtc: 'session-update', sdp: offer }), 'Invalid state for updating session s1: connecting'],
    [established(), request({ sylkrtc: 'session-update', sdp: answer }), 'Invalid state for updating session s1: established'],
    [outgoingCall(), request({ sylkrtc: 'session-dtmf-info', digit: '1' }), 'Invalid state session s1: connecting for DTMF info'],
    [established(), request({ sylkrtc: 'session-dtmf-info', digit: '1x' }), 'invalid digits: "1x", expected 0 to 9, *, #, A to D'],
    [outgoingCall(), message, 'Invalid state session s1: connecting for sending messages'],
    [established(), message, 'session-message is not available on this server'],
    [play(ringing(), request({ sylkrtc: 'session-answer', sdp: answer }, 't1')).data, request({ sylkrtc: 'session-answer', sdp: answer }),
      'Invalid state for answering session s1: accepted'],
    [ended(), request({ sylkrtc: 'session-trickle', candidates: [] }), 'Session s1 is terminated'],
    [ended(), request({ sylkrtc: 'session-terminate' }), 'Unknown session s1'],
  ];
  for (const [data, input, text] of rows) {
    test(`${text}`, () => {
      const run = play(data, input);
      assert.deepEqual(run.frames, [`error t: ${text}`]);
      assert.equal(run.data.state, data.state);
      assert.deepEqual(run.acts, []);
    });
  }

  test('SDP that cannot be used is refused with its problem, after the state has been looked at', () => {
    const bad = { ...request({ sylkrtc: 'session-update', sdp: offer }), problem: 'no common codec' };
    assert.deepEqual(play(established(), bad).frames, ['error t: no common codec']);
    assert.deepEqual(play(outgoingCall(), bad).frames, ['error t: Invalid state for updating session s1: connecting']);
  });
});

describe('an incoming call', () => {
  test('is answered: ack first, accepted without SDP, established', () => {
    const run = play(incoming(key, at('c1'), incomingEvent)[0], request({ sylkrtc: 'session-answer', sdp: answer }),
      tell({ kind: 'accepted' }), tell({ kind: 'mediaUp' }));
    assert.deepEqual(run.frames, ['ack t', 'state accepted', 'state established']);
    assert.deepEqual(run.acts, ['answer']);
  });

  test('shows its number while it rings, and not after an answer without a secret', () => {
    const ringing = incoming(key, at('c1'), incomingEvent);
    assert.equal(seqOf(ringing), 1);
    const answered = play(ringing[0], request({ sylkrtc: 'session-answer', sdp: answer })).data;
    assert.equal(seqOf(next(answered, tell({ kind: 'accepted' }))), undefined);
  });

  test('rings again at a device that signed in again, with the same number', () => {
    const [ringing] = incoming(key, at('c1'), incomingEvent);
    const gone = play(ringing, { kind: 'connectionLost' }).data;
    const again = next(gone, { kind: 'ringAgain', to: at('c9') });
    assert.deepEqual(framesOf(again), ['incoming-session']);
    assert.equal(seqOf(again), 1);
    assert.deepEqual(play(again[0], { kind: 'ringAgain', to: at('c9') }).frames, []);
  });

  test('is confirmed to ring once the device says so', () => {
    assert.deepEqual(play(incoming(key, at('c1'), incomingEvent)[0], request({ sylkrtc: 'session-ringing' })).acts, ['ringing']);
  });
});

describe('updates', () => {
  test('of the client: ack, then the answer', () => {
    const run = play(established(), request({ sylkrtc: 'session-update', sdp: offer }), tell({ kind: 'updateAnswered', sdp: 'x' }));
    assert.deepEqual(run.frames, ['ack t', 'update accepted']);
    assert.deepEqual([run.acts, run.data.state], [['offer'], 'established']);
  });

  test('of the client, refused: the client rolls back', () => {
    const run = play(established(), request({ sylkrtc: 'session-update', sdp: offer }), tell({ kind: 'updateFailed', reason: '488 Not Acceptable Here' }));
    assert.deepEqual([run.frames, run.data.state], [['ack t', 'update failed'], 'established']);
  });

  test('of the far side: the offer, then the answer of the client', () => {
    const run = play(established(), tell({ kind: 'updateOffered', sdp: 'x' }), request({ sylkrtc: 'session-update', sdp: answer }), tell({ kind: 'updateOver' }));
    assert.deepEqual([run.frames, run.acts, run.data.state], [['update received', 'ack t'], ['answerUpdate'], 'established']);
  });

  test('of both at once: the client is refused and sees the far offer again', () => {
    const run = play(established(), tell({ kind: 'updateOffered', sdp: 'x' }), request({ sylkrtc: 'session-update', sdp: offer }));
    assert.deepEqual(run.frames, ['update received', 'ack t', 'update failed', 'update received']);
    assert.deepEqual([run.acts, run.data.state], [[], 'remote-updating']);
  });
});

describe('a session outlives its socket', () => {
  const withSecret = () => play({ ...outgoingCall(true) }, tell({ kind: 'progress' })).data;

  test('missed events come once, in order, with their numbers', () => {
    const gone = play(withSecret(), { kind: 'connectionLost' }, tell({ kind: 'ringing' }), tell({ kind: 'accepted', sdp: 'x' }));
    assert.deepEqual(gone.frames, []);
    const back = next(gone.data, resume('r1', 1, 1));
    assert.deepEqual(framesOf(back), ['ack r1', 'state ringing', 'state accepted']);
    assert.deepEqual(back[1].flatMap((effect) => (effect.do === 'post' && 'seq' in effect.message ? [effect.message.seq] : [])), [2, 3]);
    assert.deepEqual(play(back[0], tell({ kind: 'mediaUp' })).frames, ['state established']);
  });

  test('the old connection is told once that it is replaced, and is ignored from then on', () => {
    const [back, effects] = next(withSecret(), resume('r1', 1, 1));
    assert.deepEqual(effects.map((effect) => (effect.do === 'post' ? `${effect.connection} ${short(effect.message)}` : effect.do)), ['c1 replaced', 'c2 ack r1']);
    assert.deepEqual(play(back, request({ sylkrtc: 'session-terminate' })).acts, []);
  });

  test('a repeated resume gets its reply and nothing twice; a lower epoch gets nothing', () => {
    const [back] = next(withSecret(), resume('r2', 2, 0));
    assert.deepEqual(play(back, resume('r2', 2, 0)).frames, ['ack r2']);
    assert.deepEqual(play(back, resume('r1', 1, 0)).frames, []);
  });

  test('a resume with an offer restarts ICE', () => {
    assert.deepEqual(play(withSecret(), resume('r1', 1, 1, offer)).acts, ['restartIce']);
  });

  test('without media the grace ends the call, with media it waits until that is lost', () => {
    assert.deepEqual(play(withSecret(), { kind: 'connectionLost' }).timers, ['arm 60000']);
    const talking = play(established(true), { kind: 'connectionLost' });
    assert.deepEqual(talking.timers, []);
    const silent = play(talking.data, tell({ kind: 'mediaLost' }));
    assert.deepEqual(silent.timers, ['arm 60000']);
    assert.deepEqual(play(silent.data, resume('r1', 1, 0)).timers, ['arm 60000']);
    assert.deepEqual(play(silent.data, { kind: 'timeUp' }).acts, ['hangUp clientGone']);
  });

  test('a client that keeps its socket and loses its media is given the grace too', () => {
    const silent = play(established(), tell({ kind: 'mediaLost' }));
    assert.deepEqual(play(silent.data, { kind: 'timeUp' }).acts, ['hangUp mediaLost']);
    assert.deepEqual(play(silent.data, tell({ kind: 'mediaUp' })).timers, ['disarm']);
  });

  test('a stock client cannot come back, so its call ends with its socket', () => {
    const gone = play(established(), { kind: 'connectionLost' });
    assert.deepEqual(gone.timers, ['arm 0']);
    assert.deepEqual(play(gone.data, { kind: 'timeUp' }).acts, ['hangUp clientGone']);
  });

  test('the end is kept for a client that may have missed it, until it is confirmed', () => {
    const over = play(withSecret(), tell({ kind: 'ended', reason: '486 Busy Here' }));
    assert.deepEqual(over.timers, ['arm 20000']);
    assert.deepEqual(play(over.data, resume('r1', 1, 1)).frames, ['replaced', 'ack r1', 'state terminated']);
    assert.deepEqual(play(over.data, request({ sylkrtc: 'session-ack', seq: 2 })).timers, ['forget']);
    assert.deepEqual(play(over.data, { kind: 'timeUp' }).timers, ['forget']);
  });

  test('confirmed events are not sent again', () => {
    const seen = play(withSecret(), tell({ kind: 'ringing' }), request({ sylkrtc: 'session-ack', seq: 1 }), { kind: 'connectionLost' });
    assert.deepEqual(play(seen.data, resume('r1', 1, 0)).frames, ['ack r1', 'state ringing']);
  });
});

test('a repeated request gets its reply again and is carried out once', () => {
  const run = play(established(), request({ sylkrtc: 'session-dtmf-info', digit: '5' }), request({ sylkrtc: 'session-dtmf-info', digit: '5' }));
  assert.deepEqual([run.frames, run.acts], [['ack t', 'ack t'], ['dtmf']]);
});

function outgoingCall(canResume = false): SessionData {
  return opened(outgoing(key, at('c1'), canResume), 't0')[0];
}

function established(canResume = false): SessionData {
  return play(outgoingCall(canResume), tell({ kind: 'progress' }), tell({ kind: 'accepted', sdp: 'x' }), tell({ kind: 'mediaUp' })).data;
}

function ended(): SessionData {
  return play(outgoingCall(), tell({ kind: 'ended', reason: '200 OK' })).data;
}

function play(start: SessionData, ...inputs: SessionInput[]) {
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

function framesOf([, effects]: SessionStep): string[] {
  return effects.flatMap((effect) => (effect.do === 'post' ? [short(effect.message)] : []));
}

function seqOf([, effects]: SessionStep): unknown {
  const posted = effects.find((effect) => effect.do === 'post');
  return posted && 'seq' in posted.message ? posted.message.seq : undefined;
}

function short(message: Frame): string {
  if (message.sylkrtc === 'ack') return `ack ${message.transaction}`;
  if (message.sylkrtc === 'error') return `error ${message.transaction}: ${message.error}`;
  return 'state' in message ? `${message.event} ${message.state}` : message.event;
}
