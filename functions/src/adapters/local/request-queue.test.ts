import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxQueuedBytes, maxQueuedRequests } from '@sylk/protocol/limits.ts';
import { exactDelivery } from './host-limits.ts';
import { type QueueOptions, RequestQueue } from './request-queue.ts';

const nothing = async () => undefined;
const queue = (options: Partial<QueueOptions> = {}) =>
  new RequestQueue({ delivery: exactDelivery, first: nothing, failed: assert.ifError, ...options });
const gate = () => Promise.withResolvers<void>();
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('one runs after another, in order, and the first work before all', async () => {
  const order: string[] = [];
  const [opening, first] = [gate(), gate()];
  const requests = queue({ first: () => opening.promise.then(() => void order.push('opened')) });
  requests.add(() => first.promise.then(() => void order.push('first')), 1);
  requests.add(async () => void order.push('second'), 1);
  first.resolve();
  await turn();
  assert.deepEqual(order, []);
  opening.resolve();
  await turn();
  assert.deepEqual(order, ['opened', 'first', 'second']);
});

test('closing drops what waits and lets what runs end', async () => {
  const order: string[] = [];
  const first = gate();
  const requests = queue();
  requests.add(() => first.promise.then(() => void order.push('first')), 1);
  requests.add(async () => void order.push('second'), 1);
  await turn();
  const closed = requests.close(async () => void order.push('closed'));
  first.resolve();
  await closed;
  assert.deepEqual(order, ['first', 'closed']);
});

test('a request that fails does not stop the next', async () => {
  const errors: unknown[] = [];
  const requests = queue({ failed: (error) => errors.push(error) });
  const second = gate();
  requests.add(() => Promise.reject(new Error('first')), 1);
  requests.add(async () => second.resolve(), 1);
  await second.promise;
  assert.equal(errors.length, 1);
});

test('no more than the bound may wait, in number and in bytes', () => {
  const first = () => gate().promise;
  const many = queue({ first });
  for (let count = 0; count < maxQueuedRequests; count += 1) assert.equal(many.add(nothing, 1), true);
  assert.equal(many.add(nothing, 1), false);
  const large = queue({ first });
  assert.equal(large.add(nothing, maxQueuedBytes), true);
  assert.equal(large.add(nothing, 1), false);
});

test('in parallel each runs at once, as often as it is delivered', async () => {
  let runs = 0;
  const requests = queue({ delivery: { isParallel: true, delayMs: () => 0, copies: () => 2 } });
  const work = () => {
    runs += 1;
    return gate().promise;
  };
  requests.add(work, 1);
  requests.add(work, 1);
  await turn();
  assert.equal(runs, 4);
});
