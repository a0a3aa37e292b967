import assert from 'node:assert/strict';
import { test } from 'node:test';
import { courseIn } from './call-course.ts';

const entry = { at: 1, from: 'browser', to: 'gateway', label: 'session-create' };

test('the course of a call is read; what is no step is left out', () => {
  const course = courseIn({ call: 'c', from: 'a@b', to: 'c@d', cause: 'busy', entries: [entry, { at: 'x' }, 7] });
  assert.deepEqual(course, {
    from: 'a@b',
    to: 'c@d',
    cause: 'busy',
    steps: [{ ...entry, detail: undefined }],
    media: [],
  });
});

test('what flowed is told as rates and shares of what was sent', () => {
  const sample = { at: 9, ms: 1_000, bytesIn: 8_000, bytesOut: 16_000, packetsIn: 90, packetsOut: 50, lostIn: 10 };
  const media = [
    { side: 'caller', kind: 'browser', samples: [{ ...sample, lostOut: 1, jitterMs: 2.5 }, { ...sample, ms: 0 }, 7] },
    { side: 'called', kind: 'sip', samples: [sample] },
    { side: 'nobody', samples: [sample] },
    null,
  ];
  const told = { at: 9, ms: 1_000, inKbps: 64, outKbps: 128, inLoss: 0.1 };
  assert.deepEqual(courseIn({ from: 'a@b', to: 'c@d', entries: [], media })?.media, [
    { side: 'caller', samples: [{ ...told, outLoss: 0.02, jitterMs: 2.5 }] },
    { side: 'called', samples: [{ ...told, outLoss: undefined, jitterMs: undefined }] },
  ]);
});

test('anything else is no course', () => {
  for (const value of [undefined, null, 7, 'x', [], {}, { from: 'a', to: 'b' }, { from: 1, to: 'b', entries: [] }])
    assert.equal(courseIn(value), undefined);
});
