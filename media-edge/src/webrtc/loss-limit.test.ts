import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeLoss, type LossLimit } from './loss-limit.ts';

const stats = (packetsOut: number, packetsLostOut: number, bytesOut: number) => ({
  packetsIn: 0,
  packetsLost: 0,
  bytesIn: 0,
  packetsOut,
  packetsLostOut,
  bytesOut,
});

test('a receiver that loses much is given what it got, and a little less', () => {
  const first = judgeLoss({}, 0, stats(0, 0, 0));
  const { bps } = judgeLoss(first, 1000, stats(100, 50, 100_000));
  assert.equal(bps, 360_000);
});

test('it is given more again step by step, until nobody needs to limit it', () => {
  let limit: LossLimit = { bps: 300_000, last: { at: 0, stats: stats(0, 0, 0) } };
  const seen: (number | undefined)[] = [];
  for (let second = 1; second <= 40; second += 1) {
    limit = judgeLoss(limit, second * 1000, stats(second * 100, 0, second * 30_000));
    seen.push(limit.bps);
  }
  assert.equal(seen[0], 324_000);
  assert.equal(seen.at(-1), undefined);
});

test('some loss changes nothing; neither does a trickle of packets, nor a clock that stands', () => {
  const before: LossLimit = { bps: 300_000, last: { at: 0, stats: stats(0, 0, 0) } };
  assert.equal(judgeLoss(before, 1000, stats(100, 5, 30_000)).bps, 300_000);
  assert.equal(judgeLoss(before, 1000, stats(10, 10, 3_000)).bps, 300_000);
  assert.equal(judgeLoss(before, 0, stats(100, 90, 30_000)).bps, 300_000);
});

test('the limit never falls below what a small picture needs', () => {
  const first = judgeLoss({}, 0, stats(0, 0, 0));
  assert.equal(judgeLoss(first, 1000, stats(100, 99, 10_000)).bps, 100_000);
});
