import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, type QualitySample, sampleOf } from './call-quality.ts';
import { en } from './messages/en.ts';

const start: QualitySample = {
  streams: { a: { received: 500, lost: 3 } },
  jitter: 0,
  roundTrip: 0.05,
  lostOnTheWayOut: 0,
};
const judged = ({ received = 100, lost = 0, ...now }: Partial<QualitySample> & { received?: number; lost?: number }) =>
  judge(start, { ...start, streams: { a: { received: 500 + received, lost: 3 + lost } }, jitter: 0.01, ...now }, en);

test('bars and sentence for what happened between two looks', () => {
  const rows: [now: Parameters<typeof judged>[0], bars: number, sentence: RegExp][] = [
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

test('streams that end and begin do not spoil the count', () => {
  assert.equal(judged({ streams: { b: { received: 80, lost: 0 } } }).bars, 3);
  assert.equal(judged({ streams: { a: { received: 20, lost: 0 }, b: { received: 80, lost: 0 } } }).bars, 3);
  assert.equal(judged({ streams: {} }).bars, 0);
});

test('a report of the browser becomes a sample, whatever is missing in it', () => {
  const report = new Map<string, unknown>([
    ['a', { id: 'a', type: 'inbound-rtp', kind: 'audio', packetsReceived: 100, packetsLost: 2, jitter: 0.02 }],
    ['v', { id: 'v', type: 'inbound-rtp', kind: 'video', packetsReceived: 300, packetsLost: -1, jitter: 0.01 }],
    ['r', { id: 'r', type: 'remote-inbound-rtp', fractionLost: 0.25 }],
    ['p', { id: 'p', type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.12 }],
    ['q', { id: 'q', type: 'candidate-pair', nominated: false, state: 'waiting' }],
  ]);
  const streams = { a: { received: 100, lost: 2 }, v: { received: 300, lost: -1 } };
  assert.deepEqual(sampleOf(report), { streams, jitter: 0.02, roundTrip: 0.12, lostOnTheWayOut: 0.25 });
  assert.deepEqual(sampleOf(new Map()), { streams: {}, jitter: 0, roundTrip: undefined, lostOnTheWayOut: 0 });
});
