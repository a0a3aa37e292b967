import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { KnownPeers } from './known-peers.ts';

test('peers of all kinds are known while they are named, seen a second late at most', async () => {
  const clock = new FakeClock();
  const known = new KnownPeers(clock);
  const callers = ['198.51.100.1', undefined];
  let times = 0;
  known.also(() => {
    times++;
    return callers;
  });
  known.also(() => ['2001:db8:1:2::1']);
  assert.equal(known.has('198.51.100.1'), true);
  assert.equal(known.has('2001:db8:1:2::ffff'), true);
  assert.equal(known.has('198.51.100.2'), false);
  assert.equal(times, 1);
  callers.length = 0;
  await clock.advance(1_000);
  assert.equal(known.has('198.51.100.1'), false);
});
