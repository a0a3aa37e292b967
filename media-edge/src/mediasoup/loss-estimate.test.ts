import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossEstimate, lostShare } from './loss-estimate.ts';

/** A sender that keeps to the limit behind a bottleneck. @returns loss in each second */
function behind(bottleneckBps: number, wantedBps: number, seconds: number): { lost: number[]; limitBps: number } {
  const estimate = new LossEstimate();
  const lost: number[] = [];
  let limitBps = Number.POSITIVE_INFINITY;
  for (let second = 0; second < seconds; second += 1) {
    const sentBps = Math.min(wantedBps, limitBps);
    const loss = Math.max(0, 1 - bottleneckBps / sentBps);
    lost.push(loss);
    limitBps = estimate.next({ sentBps, lost: loss }, second * 1000);
  }
  return { lost, limitBps };
}

test('a sender behind a bottleneck comes below it within seconds and stays about there', () => {
  const { lost, limitBps } = behind(300_000, 1_500_000, 40);
  const late = lost.slice(10);
  assert.ok(
    late.reduce((sum, loss) => sum + loss, 0) / late.length < 0.02,
    late.map((loss) => loss.toFixed(3)).join(' '),
  );
  assert.ok(limitBps > 200_000 && limitBps < 360_000, `${limitBps}`);
});

test('without loss there is no limit to speak of', () => {
  assert.equal(behind(10_000_000, 1_500_000, 30).limitBps, 4_000_000);
});

test('a single burst is no reason to send less', () => {
  const estimate = new LossEstimate();
  estimate.next({ sentBps: 1_000_000, lost: 0.2 }, 0);
  assert.equal(estimate.next({ sentBps: 1_000_000, lost: 0 }, 1000), 4_000_000);
});

test('nothing sent says nothing, and a picture always has a little', () => {
  const estimate = new LossEstimate();
  for (let second = 0; second < 4; second += 1)
    assert.equal(estimate.next({ sentBps: 0, lost: 1 }, second * 1000), 4_000_000);
  for (let second = 4; second < 30; second += 1) estimate.next({ sentBps: 100_000, lost: 0.9 }, second * 1000);
  assert.ok(estimate.next({ sentBps: 100_000, lost: 0.9 }, 30_000) >= 120_000);
});

test('what the receiver asks for again was lost, also where its reports count the repaired as received', () => {
  const before = { packets: 100, packetsLost: 10, packetsAskedFor: 10 };
  const share = (packets: number, packetsLost: number, packetsAskedFor: number) =>
    lostShare(before, { packets, packetsLost, packetsAskedFor });
  assert.equal(share(200, 10, 35), 0.25);
  assert.equal(share(200, 30, 10), 0.2);
  assert.equal(share(200, 5, 10), 0, 'late packets take a loss back');
  assert.equal(share(110, 90, 10), 1);
  assert.equal(share(100, 90, 10), 0, 'nothing was sent');
});
