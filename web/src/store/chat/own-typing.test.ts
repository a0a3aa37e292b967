import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { OwnTyping } from './own-typing.ts';

const setUp = () => {
  const clock = new FakeClock();
  const told: string[] = [];
  const typing = new OwnTyping(clock, (contact, { state, refresh }) => told.push(`${contact} ${state} ${refresh}`));
  return { clock, told, typing };
};

test('that one writes is told with the first key, and again after a minute of keys', async () => {
  const { clock, told, typing } = setUp();
  for (let second = 0; second < 70; second += 5) {
    typing.typed('bob', false);
    await clock.advance(5_000);
  }
  assert.deepEqual(told, ['bob active 90', 'bob active 90']);
});

test('who presses no key for 15 s, or empties the field, has stopped', async () => {
  const { clock, told, typing } = setUp();
  typing.typed('bob', false);
  await clock.advance(14_000);
  assert.equal(told.length, 1);
  await clock.advance(1_000);
  typing.typed('bob', false);
  typing.typed('bob', true);
  typing.typed('bob', true);
  assert.deepEqual(told, ['bob active 90', 'bob idle 90', 'bob active 90', 'bob idle 90']);
});

test('what is sent says enough, and whoever is written to next hears it anew', async () => {
  const { clock, told, typing } = setUp();
  typing.typed('bob', false);
  typing.sent('bob');
  typing.typed('carol', false);
  typing.typed('bob', false);
  typing.close();
  await clock.advance(60_000);
  assert.deepEqual(told, ['bob active 90', 'carol active 90', 'carol idle 90', 'bob active 90']);
});
