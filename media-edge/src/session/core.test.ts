import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { incoming, next } from './core.ts';
import type { SessionData } from './data.ts';
import type { SessionInput } from './messages.ts';
import {
  answer,
  at,
  create,
  ended,
  established,
  framesOf,
  incomingEvent,
  key,
  message,
  offer,
  outgoingCall,
  play,
  request,
  seqOf,
  tell,
} from './play.ts';

describe('an outgoing call', () => {
  test('is acknowledged, then told in order', () => {
    const run = play(
      outgoingCall(),
      tell({ kind: 'progress' }),
      tell({ kind: 'ringing' }),
      tell({ kind: 'accepted', sdp: 'answer' }),
      tell({ kind: 'mediaUp' }),
    );
    assert.deepEqual(run.frames, ['state progress', 'state ringing', 'state accepted', 'state established']);
    assert.equal(run.data.state, 'established');
  });

  test('with early media is accepted without SDP and stays established', () => {
    const run = play(
      outgoingCall(),
      tell({ kind: 'early', sdp: 'answer' }),
      tell({ kind: 'mediaUp' }),
      tell({ kind: 'accepted' }),
    );
    assert.deepEqual(run.frames, ['state early-media', 'state established', 'state accepted']);
    assert.equal(run.data.state, 'established');
  });

  test('media that is up before the answer is told again after it is lost and back', () => {
    const run = play(
      established(),
      tell({ kind: 'mediaLost' }),
      tell({ kind: 'mediaLost' }),
      tell({ kind: 'mediaUp' }),
    );
    assert.deepEqual(run.frames, ['media lost', 'media up']);
  });
});

describe('what is refused, and with which words', () => {
  const ringing = () => incoming(key, at('c1'), incomingEvent)[0];
  const rows: readonly (readonly [SessionData, SessionInput, string])[] = [
    [outgoingCall(), create, 'Session ID s1 already in use'],
    [outgoingCall(), request({ sylkrtc: 'session-answer', sdp: answer }), 'Cannot answer outgoing session s1'],
    [
      outgoingCall(),
      request({ sylkrtc: 'session-update', sdp: offer }),
      'Invalid state for updating session s1: connecting',
    ],
    [
      established(),
      request({ sylkrtc: 'session-update', sdp: answer }),
      'Invalid state for updating session s1: established',
    ],
    [
      outgoingCall(),
      request({ sylkrtc: 'session-dtmf-info', digit: '1' }),
      'Invalid state session s1: connecting for DTMF info',
    ],
    [
      established(),
      request({ sylkrtc: 'session-dtmf-info', digit: '1x' }),
      'invalid digits: "1x", expected 0 to 9, *, #, A to D',
    ],
    [outgoingCall(), message, 'Invalid state session s1: connecting for sending messages'],
    [
      play(ringing(), request({ sylkrtc: 'session-answer', sdp: answer }, 't1')).data,
      request({ sylkrtc: 'session-answer', sdp: answer }),
      'Invalid state for answering session s1: accepted',
    ],
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
    const run = play(
      incoming(key, at('c1'), incomingEvent)[0],
      request({ sylkrtc: 'session-answer', sdp: answer }),
      tell({ kind: 'accepted' }),
      tell({ kind: 'mediaUp' }),
    );
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
    assert.deepEqual(play(incoming(key, at('c1'), incomingEvent)[0], request({ sylkrtc: 'session-ringing' })).acts, [
      'ringing',
    ]);
  });
});

describe('updates', () => {
  test('of the client: ack, then the answer', () => {
    const run = play(
      established(),
      request({ sylkrtc: 'session-update', sdp: offer }),
      tell({ kind: 'updateAnswered', sdp: 'x' }),
    );
    assert.deepEqual(run.frames, ['ack t', 'update accepted']);
    assert.deepEqual([run.acts, run.data.state], [['offer'], 'established']);
  });

  test('of the client, refused: the client rolls back', () => {
    const run = play(
      established(),
      request({ sylkrtc: 'session-update', sdp: offer }),
      tell({ kind: 'updateFailed', reason: '488 Not Acceptable Here' }),
    );
    assert.deepEqual([run.frames, run.data.state], [['ack t', 'update failed'], 'established']);
  });

  test('of the far side: the offer, then the answer of the client', () => {
    const run = play(
      established(),
      tell({ kind: 'updateOffered', sdp: 'x' }),
      request({ sylkrtc: 'session-update', sdp: answer }),
      tell({ kind: 'updateOver' }),
    );
    assert.deepEqual(
      [run.frames, run.acts, run.data.state],
      [['update received', 'ack t'], ['answerUpdate'], 'established'],
    );
  });

  test('of both at once: the client is refused and sees the far offer again', () => {
    const run = play(
      established(),
      tell({ kind: 'updateOffered', sdp: 'x' }),
      request({ sylkrtc: 'session-update', sdp: offer }),
    );
    assert.deepEqual(run.frames, ['update received', 'ack t', 'update failed', 'update received']);
    assert.deepEqual([run.acts, run.data.state], [[], 'remote-updating']);
  });
});

test('a repeated request gets its reply again and is carried out once', () => {
  const run = play(
    established(),
    request({ sylkrtc: 'session-dtmf-info', digit: '5' }),
    request({ sylkrtc: 'session-dtmf-info', digit: '5' }),
  );
  assert.deepEqual([run.frames, run.acts], [['ack t', 'ack t'], ['dtmf']]);
});
