import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { AvoidedTargets } from './avoided-targets.ts';
import type { Endpoint } from './flow.ts';

const one: Endpoint = { protocol: 'UDP', address: '192.0.2.1', port: 5060 };
const two: Endpoint = { protocol: 'UDP', address: '192.0.2.2', port: 5060 };

test('who failed comes last, for a minute or until it works', async () => {
  const clock = new FakeClock();
  const avoided = new AvoidedTargets(clock);
  avoided.failed(one);
  assert.deepEqual(avoided.order([one, two]), [two, one]);
  assert.deepEqual(avoided.order([one]), [one]);
  avoided.worked(one);
  assert.deepEqual(avoided.order([one, two]), [one, two]);
  avoided.failed(one);
  await clock.advance(60_000);
  assert.deepEqual(avoided.order([one, two]), [one, two]);
});

test('another transport of the same host is another server', () => {
  const avoided = new AvoidedTargets(new FakeClock());
  const tcp: Endpoint = { ...one, protocol: 'TCP' };
  avoided.failed(one);
  assert.deepEqual(avoided.order([one, tcp]), [tcp, one]);
});
