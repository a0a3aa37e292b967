import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneStates } from '../../../../test/fakes/phone-states.ts';
import type { PhoneSnapshot } from '../../store/snapshot.ts';
import { toneOf } from '../sound/tone-of.ts';
import { bigCall, otherCalls, phoneState, screenOf } from './screen.ts';

const snapshot = (name: string): PhoneSnapshot => {
  const script = phoneStates[name];
  assert.ok(script, name);
  return script.snapshot;
};

test('what happens decides the screen, the state and the tone', () => {
  const rows: readonly (readonly [string, string, string, string])[] = [
    ['first-visit', 'home', 'idle', 'silence'],
    ['offline', 'home', 'idle', 'silence'],
    ['insecure', 'place', 'unavailable', 'silence'],
    ['asking-microphone', 'outgoing', 'devices', 'silence'],
    ['calling', 'outgoing', 'calling', 'silence'],
    ['ringing', 'outgoing', 'ringing', 'ringback'],
    ['early-media', 'outgoing', 'early', 'silence'],
    ['audio-call', 'call', 'established', 'silence'],
    ['held-by-them', 'call', 'held', 'silence'],
    ['reconnecting', 'call', 'reconnecting', 'silence'],
    ['incoming-video', 'home', 'incoming', 'ring'],
    ['incoming-second', 'call', 'established', 'waiting'],
    ['ended-failed', 'ended', 'ended', 'silence'],
    ['ended-missed', 'home', 'idle', 'silence'],
  ];
  for (const [name, screen, state, tone] of rows) {
    const seen = snapshot(name);
    assert.deepEqual([screenOf(seen).kind, phoneState(seen), toneOf(seen)], [screen, state, tone], name);
  }
});

test('busy sounds when the far side is, and only while nothing else does', () => {
  const failed = snapshot('ended-failed');
  assert.ok(failed.ended);
  const busy: PhoneSnapshot = { ...failed, ended: { ...failed.ended, reason: '486 Busy Here' } };
  assert.equal(toneOf(busy), 'busy');
  assert.equal(toneOf({ ...busy, calls: snapshot('audio-call').calls }), 'silence');
});

test('the active call has the big screen, the others wait behind it', () => {
  const two = snapshot('two-calls');
  assert.equal(bigCall(two)?.id, 'call-1');
  assert.deepEqual(
    otherCalls(two).map(({ id }) => id),
    ['call-3'],
  );
  assert.equal(bigCall({ ...two, activeCall: 'call-3' })?.id, 'call-3');
  assert.equal(bigCall({ ...two, activeCall: 'gone' })?.id, 'call-3');
});
