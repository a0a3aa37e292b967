import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unreachedPerAccount, unreachedPerEdge, unreachedWindowMs } from '@sylk/protocol/limits.ts';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { ReachFailures } from './reach-failures.ts';

test('an account that reaches nobody too often waits until the hour is over', async () => {
  const clock = new FakeClock();
  const failures = new ReachFailures(clock);
  for (let count = 0; count < unreachedPerAccount; count += 1) {
    assert.equal(failures.isBarred('eve'), false);
    failures.note('eve');
  }
  assert.equal(failures.isBarred('eve'), true);
  assert.equal(failures.isBarred('alice'), false);
  await clock.advance(unreachedWindowMs);
  assert.equal(failures.isBarred('eve'), false);
});

test('many accounts are bounded together, but one without a failure is free', () => {
  const failures = new ReachFailures(new FakeClock());
  for (let count = 0; count < unreachedPerEdge; count += 1) failures.note(`guest${count}`);
  assert.equal(failures.isBarred('guest7'), true);
  assert.equal(failures.isBarred('alice'), false);
});
