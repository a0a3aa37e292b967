import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type QualitySample, sampleOf } from './call-quality.ts';
import { en } from './messages-en.ts';

const start: QualitySample = { at: 0, received: 0, lost: 0, jitter: 0, roundTrip: 0.05, lostOnTheWayOut: 0 };
const judged = (now: Partial<QualitySample>) =>
  judge(start, { ...start, at: 2_000, received: 100, jitter: 0.01, ...now }, en);

test('bars and sentence for what happened between two looks', () => {
  const rows: [now: Partial<QualitySample>, bars: number, sentence: RegExp][] = [
    [{}, 3, /good/],
    [{ lost: 1 }, 3, /good/],
    [{ lost: 4 }, 2, /fair: 4 %/],
    [{ lostOnTheWayOut: 0.05 }, 2, /fair: 5 %/],
    [{ roundTrip: 0.5 }, 2, /500 ms/],
    [{ jitter: 0.08 }, 2, /unevenly/],
    [{ lost: 25 }, 1, /weak: 20 %/],
    [{ roundTrip: 1.2 }, 1, /1200 ms/],
    [{ received: 0 }, 0, /Nothing arrives/],
    [{ roundTrip: undefined }, 3, /good/],
  ];
  for (const [now, bars, sentence] of rows) {
    assert.equal(judged(now).bars, bars, JSON.stringify(now));
    assert.match(judged(now).sentence, sentence);
  }
});

test('a report of the browser becomes a sample, whatever is missing in it', () => {
  const report = new Map<string, unknown>([
    ['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: 100, packetsLost: 2, jitter: 0.02 }],
    ['v', { type: 'inbound-rtp', kind: 'video', packetsReceived: 300, packetsLost: -1, jitter: 0.01 }],
    ['r', { type: 'remote-inbound-rtp', fractionLost: 0.25 }],
    ['p', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.12 }],
    ['q', { type: 'candidate-pair', nominated: false, state: 'waiting' }],
  ]);
  assert.deepEqual(sampleOf(report, 7), {
    at: 7,
    received: 400,
    lost: 1,
    jitter: 0.02,
    roundTrip: 0.12,
    lostOnTheWayOut: 0.25,
  });
  assert.deepEqual(sampleOf(new Map(), 7), {
    at: 7,
    received: 0,
    lost: 0,
    jitter: 0,
    roundTrip: undefined,
    lostOnTheWayOut: 0,
  });
});
