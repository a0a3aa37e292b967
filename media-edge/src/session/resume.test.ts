import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deviceId } from '@sylk/protocol/ids.ts';
import { incoming, next } from './core.ts';
import {
  at,
  established,
  framesOf,
  incomingEvent,
  key,
  offer,
  outgoingCall,
  play,
  request,
  resume,
  short,
  tell,
} from './play.ts';

describe('a session outlives its socket', () => {
  const withSecret = () => play({ ...outgoingCall(true) }, tell({ kind: 'progress' })).data;

  test('missed events come once, in order, with their numbers', () => {
    const gone = play(
      withSecret(),
      { kind: 'connectionLost' },
      tell({ kind: 'ringing' }),
      tell({ kind: 'accepted', sdp: 'x' }),
    );
    assert.deepEqual(gone.frames, []);
    const back = next(gone.data, resume('r1', 1, 1));
    assert.deepEqual(framesOf(back), ['ack r1', 'state ringing', 'state accepted']);
    assert.deepEqual(
      back[1].flatMap((effect) => (effect.do === 'post' && 'seq' in effect.message ? [effect.message.seq] : [])),
      [2, 3],
    );
    assert.deepEqual(play(back[0], tell({ kind: 'mediaUp' })).frames, ['state established']);
  });

  test('the old connection is told once that it is replaced, and is ignored from then on', () => {
    const [back, effects] = next(withSecret(), resume('r1', 1, 1));
    assert.deepEqual(
      effects.map((effect) => (effect.do === 'post' ? `${effect.connection} ${short(effect.message)}` : effect.do)),
      ['c1 replaced', 'c2 ack r1'],
    );
    assert.deepEqual(play(back, request({ sylkrtc: 'session-terminate' })).acts, []);
  });

  test('a repeated resume gets its reply and nothing twice; a lower epoch gets nothing', () => {
    const [back] = next(withSecret(), resume('r2', 2, 0));
    assert.deepEqual(play(back, resume('r2', 2, 0)).frames, ['ack r2']);
    assert.deepEqual(play(back, resume('r1', 1, 0)).frames, []);
  });

  test('the same resume on one more connection takes the session over again', () => {
    const lost = play(withSecret(), resume('r', 1, 0), { kind: 'connectionLost' }, tell({ kind: 'ringing' }));
    const back = play(lost.data, resume('r', 2, 0));
    assert.deepEqual(back.frames, ['ack r', 'state progress', 'state ringing']);
    assert.equal(back.data.attachment.connection, 'c3');
    assert.deepEqual(play(back.data, resume('r', 2, 0), tell({ kind: 'mediaUp' })).frames.length > 0, true);
  });

  test('a resume that is repeated on its connection raises the epoch, as signaling has done', () => {
    const [back] = next(withSecret(), resume('r', 1, 1));
    const again = { ...resume('r', 1, 1), from: at('c2', 2) };
    const { data, frames } = play(back, again);
    assert.deepEqual([frames, data.attachment.epoch], [['ack r'], 2]);
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

  test('a device that loses its socket while it rings may come back, a stock client may not', () => {
    const [offered] = incoming(key, at('c1'), incomingEvent);
    const ringing = play(offered, request({ sylkrtc: 'session-ringing' })).data;
    assert.deepEqual(play(ringing, { kind: 'connectionLost' }).timers, ['arm 60000']);
    const [stock] = incoming({ ...key, device: deviceId('c1') }, at('c1'), incomingEvent);
    assert.deepEqual(play(stock, { kind: 'connectionLost' }).timers, ['arm 0']);
  });

  test('a device that was lost before it rang has less time, and all of it once it rings', () => {
    const [offered] = incoming(key, at('c1'), incomingEvent);
    const lost = play(offered, { kind: 'connectionLost' });
    assert.deepEqual(lost.timers, ['arm 15000']);
    assert.deepEqual(play(lost.data, { kind: 'timeUp' }).acts, ['hangUp clientGone']);
    const back = play(lost.data, { kind: 'ringAgain', to: at('c2') });
    assert.deepEqual([back.frames, back.timers], [['incoming-session'], ['disarm']]);
    const rang = play(back.data, request({ sylkrtc: 'session-ringing' }), { kind: 'connectionLost' });
    assert.deepEqual(rang.timers, ['arm 60000']);
  });

  test('the end is kept for a client that may have missed it, until it is confirmed', () => {
    const over = play(withSecret(), tell({ kind: 'ended', reason: '486 Busy Here' }));
    assert.deepEqual(over.timers, ['arm 20000']);
    assert.deepEqual(play(over.data, resume('r1', 1, 1)).frames, ['replaced', 'ack r1', 'state terminated']);
    assert.deepEqual(play(over.data, request({ sylkrtc: 'session-ack', seq: 2 })).timers, ['forget']);
    assert.deepEqual(play(over.data, { kind: 'timeUp' }).timers, ['forget']);
  });

  test('confirmed events are not sent again', () => {
    const seen = play(withSecret(), tell({ kind: 'ringing' }), request({ sylkrtc: 'session-ack', seq: 1 }), {
      kind: 'connectionLost',
    });
    assert.deepEqual(play(seen.data, resume('r1', 1, 0)).frames, ['ack r1', 'state ringing']);
  });
});
