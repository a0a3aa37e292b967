import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs } from './back-off.ts';

test('pauses double from 0.2 s up to 5 s, of which the upper half is left to chance', () => {
  assert.deepEqual(
    [0, 1, 2, 10, 1000].map((attempt) => backOffMs(attempt, () => 1)),
    [200, 400, 800, 5_000, 5_000],
  );
  assert.equal(
    backOffMs(0, () => 0),
    100,
  );
});
