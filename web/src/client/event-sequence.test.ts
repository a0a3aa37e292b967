import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventSequence } from './event-sequence.ts';

test('in whatever order and however often they come, all are handed out once and in order', () => {
  const arrivals = fc.integer({ min: 1, max: 40 }).chain((count) => {
    const all = Array.from({ length: count }, (_, index) => index + 1);
    const repeats = fc.array(fc.integer({ min: 1, max: count }), { maxLength: 30 });
    return repeats.chain((more) =>
      fc.shuffledSubarray([...all, ...more], { minLength: count + more.length }).map((order) => ({ all, order })),
    );
  });
  fc.assert(
    fc.property(arrivals, ({ all, order }) => {
      const sequence = new EventSequence<{ seq?: number }>();
      const handedOut = order.flatMap((seq) => sequence.take({ seq })).map(({ seq }) => seq);
      assert.deepEqual(handedOut, all);
      assert.equal(sequence.hasGap, false);
      assert.equal(sequence.last, all.length);
    }),
  );
});

test('it goes on after what another page has had, and takes unnumbered events as they come', () => {
  const sequence = new EventSequence<{ seq?: number | null; name?: string }>(7);
  assert.deepEqual(sequence.take({ seq: 7 }), []);
  assert.deepEqual(sequence.take({ name: 'old server' }), [{ name: 'old server' }]);
  assert.deepEqual(sequence.take({ seq: null }), [{ seq: null }]);
  assert.deepEqual(sequence.take({ seq: 8 }), [{ seq: 8 }]);
});

test('a gap that is given up lets the later ones out; what comes too late is dropped', () => {
  const sequence = new EventSequence<{ seq?: number }>();
  sequence.take({ seq: 3 });
  sequence.take({ seq: 5 });
  assert.deepEqual(sequence.skipGap(), [{ seq: 3 }]);
  assert.equal(sequence.hasGap, true);
  assert.deepEqual(sequence.take({ seq: 2 }), []);
  assert.deepEqual(sequence.take({ seq: 4 }), [{ seq: 4 }, { seq: 5 }]);
});

test('early events are kept up to a bound', () => {
  const sequence = new EventSequence<{ seq?: number }>();
  for (let seq = 2; seq <= 1_000; seq++) sequence.take({ seq });
  assert.equal(sequence.take({ seq: 1 }).length, 257);
  assert.equal(sequence.hasGap, false);
});
