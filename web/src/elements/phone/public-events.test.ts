import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phoneStates } from '../../../../test/fakes/phone-states.ts';
import { publicEvents } from './public-events.ts';

const between = (before: string, after: string) => {
  const [from, to] = [phoneStates[before], phoneStates[after]];
  assert.ok(from && to, `${before} -> ${after}`);
  return publicEvents(from.snapshot, to.snapshot);
};

test('first visit --online--> ready, once', () => {
  assert.deepEqual(between('connecting', 'first-visit'), [{ type: 'sylk-ready', detail: { domain: 'sylk.example' } }]);
  assert.deepEqual(between('server-gone', 'settled'), []);
});

test('settled --somebody calls--> incoming, and the state', () => {
  assert.deepEqual(between('settled', 'incoming-video'), [
    {
      type: 'sylk-incoming',
      detail: { call: 'call-2', uri: 'mary@work.example', displayName: 'Mary Owens', hasVideo: true },
    },
    { type: 'sylk-state', detail: { state: 'incoming', previous: 'idle' } },
  ]);
});

test('ringing --404--> ended with cause, sentence and length', () => {
  assert.deepEqual(between('ringing', 'ended-failed'), [
    { type: 'sylk-state', detail: { state: 'ended', previous: 'ringing' } },
    {
      type: 'sylk-ended',
      detail: {
        call: 'call-1',
        uri: 'bob@example.org',
        cause: '404 Not Found',
        sentence: 'No one has the address bob@example.org. Check the spelling.',
        duration: 0,
      },
    },
  ]);
});
