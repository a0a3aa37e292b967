import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locked } from './lock.mjs';

const name = 'test';

test('two that want the same lock work one after the other', async () => {
  /** @type {string[]} */
  const order = [];
  const work = (/** @type {string} */ who) => async () => {
    order.push(`${who} in`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${who} out`);
  };
  await Promise.all([locked(name, work('a')), locked(name, work('b'))]);
  const [first] = order;
  assert.deepEqual(order, first === 'a in' ? ['a in', 'a out', 'b in', 'b out'] : ['b in', 'b out', 'a in', 'a out']);
});

test('the lock is given back when the work fails, and its result is passed on', async () => {
  await assert.rejects(
    locked(name, async () => {
      throw new Error('broken');
    }),
    /broken/,
  );
  assert.equal(await locked(name, async () => 5), 5);
});
