import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOff } from './back-off.mjs';

const limits = { firstMs: 100, mostMs: 1000, forgottenAfterMs: 5000 };

test('waits double while deaths are close together, up to the limit', () => {
  const next = backOff(limits);
  assert.deepEqual([0, 10, 10, 10, 10, 10].map(next), [100, 200, 400, 800, 1000, 1000]);
});

test('a process that ran long enough starts afresh', () => {
  const next = backOff(limits);
  assert.deepEqual([10, 10, 5000, 10].map(next), [100, 200, 100, 200]);
});
