import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lanesOf, secondsSince, spanOf } from './lanes.ts';

const step = (from: string, to: string) => ({ at: 0, from, to, label: 'x', detail: undefined });

test('each who takes part has a lane, the browser first and SIP last of the usual ones', () => {
  const steps = [step('gateway', 'sip'), step('browser', 'gateway'), step('gateway', 'other')];
  assert.deepEqual(lanesOf(steps), ['browser', 'gateway', 'sip', 'other']);
  assert.deepEqual(lanesOf([]), []);
});

test('an arrow goes from the middle of one lane to that of the other; what happens at one place stays in its lane', () => {
  const lanes = ['browser', 'gateway', 'sip'];
  assert.deepEqual(spanOf(step('browser', 'gateway'), lanes), { start: 2, end: 4, direction: 'right' });
  assert.deepEqual(spanOf(step('sip', 'browser'), lanes), { start: 2, end: 6, direction: 'left' });
  assert.deepEqual(spanOf(step('gateway', 'gateway'), lanes), { start: 3, end: 5, direction: 'here' });
});

test('times count from the beginning', () => {
  assert.equal(secondsSince(1_000, 1_042), '0.042');
  assert.equal(secondsSince(1_000, 62_000), '61.000');
});
