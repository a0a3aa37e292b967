import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransportStats } from '../ports/sfu.ts';
import { MediaCourse } from './media-course.ts';

const counted = (packets: number, more: Partial<TransportStats> = {}): TransportStats => ({
  packetsIn: packets,
  packetsOut: 2 * packets,
  bytesIn: 160 * packets,
  bytesOut: 320 * packets,
  packetsLost: 0,
  ...more,
});

test('each stretch says what has come since the one before', () => {
  const course = new MediaCourse();
  course.add('caller', 'browser', 1_000, [counted(10)]);
  assert.deepEqual(course.record(), []);
  course.add('caller', 'browser', 2_000, [counted(60, { packetsLost: 3, packetsLostOut: 1, jitterMs: 2.5 })]);
  course.add('called', 'sip', 2_000, [counted(7), counted(3)]);
  course.add('called', 'sip', 7_000, [counted(257), counted(253)]);
  const sample = { at: 2_000, ms: 1_000, packetsIn: 50, packetsOut: 100, bytesIn: 8_000, bytesOut: 16_000, lostIn: 3 };
  assert.deepEqual(course.record()[0], {
    side: 'caller',
    kind: 'browser',
    samples: [{ ...sample, lostOut: 1, jitterMs: 2.5 }],
  });
  assert.deepEqual([course.record()[1]?.samples[0]?.packetsIn, course.record()[1]?.kind], [500, 'sip']);
});

test('the caller comes first, whoever was looked at first', () => {
  const course = new MediaCourse();
  for (const at of [0, 1_000])
    for (const side of ['called', 'caller'] as const) course.add(side, 'browser', at, [counted(at)]);
  assert.deepEqual(
    course.record().map(({ side }) => side),
    ['caller', 'called'],
  );
});

test('a picture that ended takes its counts along, which is no stretch below nothing', () => {
  const course = new MediaCourse();
  course.add('caller', 'browser', 0, [counted(100), counted(900)]);
  course.add('caller', 'browser', 5_000, [counted(350)]);
  course.add('caller', 'browser', 10_000, [counted(600)]);
  assert.deepEqual(
    course.record()[0]?.samples.map(({ packetsIn }) => packetsIn),
    [0, 250],
  );
});

test('a long call keeps its whole course in longer stretches', () => {
  const course = new MediaCourse();
  const hourMs = 3_600_000;
  let at = 0;
  while (at < hourMs) {
    course.add('caller', 'browser', at, [counted(at / 20)]);
    course.add('called', 'sip', at, [counted(at / 20)]);
    at += course.intervalMs;
  }
  for (const { samples } of course.record()) {
    assert.ok(samples.length > 15 && samples.length <= 40, `${samples.length} stretches`);
    assert.equal(samples[0] && samples[0].at - samples[0].ms, 0);
    const total = samples.reduce((sum, { packetsIn }) => sum + packetsIn, 0);
    assert.equal(total, (samples.at(-1)?.at ?? 0) / 20);
    for (const [index, { at: end, ms }] of samples.slice(1).entries()) assert.equal(end - ms, samples[index]?.at);
  }
});
