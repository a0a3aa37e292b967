import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type TimeLimit, withinTime } from './time-limit.ts';

test('work that is done in time is done', async () => {
  assert.equal(await withinTime(10_000, async () => undefined), true);
});

test('work that takes longer is not waited for, and learns that it came too late', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: TimeLimit[] = [];
  const isDone = await withinTime(5, async (limit) => {
    seen.push(limit);
    await promise;
  });
  assert.equal(isDone, false);
  assert.equal(seen[0]?.isOver(), true);
  resolve();
});

test('what the work throws in time is thrown, what it throws later is not', async () => {
  await assert.rejects(
    withinTime(10_000, async () => Promise.reject(new Error('refused'))),
    /refused/,
  );
  const { promise, reject } = Promise.withResolvers<void>();
  assert.equal(await withinTime(5, () => promise), false);
  reject(new Error('nobody listens'));
});
