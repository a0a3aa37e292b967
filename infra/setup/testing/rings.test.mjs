import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byRing } from './rings.mjs';

test('files are sorted into rings, the quick ones first', () => {
  const sorted = byRing([
    'test/interop/a.test.ts',
    'web/src/b.test.ts',
    'test/contract/c.test.ts',
    'test/peers/d.test.ts',
  ]);
  assert.deepEqual(
    sorted.map(({ ring, files }) => [ring.name, files]),
    [
      ['unit', ['web/src/b.test.ts', 'test/peers/d.test.ts']],
      ['contract', ['test/contract/c.test.ts']],
      ['interop', ['test/interop/a.test.ts']],
    ],
  );
});

test('only what starts browsers and phones needs them; browsers and floods run alone', () => {
  const [interop] = byRing(['test/interop/a.test.ts']);
  assert.deepEqual([interop?.ring.needsPeers, interop?.ring.concurrency], [true, 1]);
  const sip = byRing(['test/interop/sip/calls.test.ts', 'test/interop/sip/flood.test.ts']);
  assert.deepEqual(
    sip.map(({ ring }) => [ring.name, ring.needsPeers, ring.concurrency]),
    [
      ['interop', true, 1],
      ['sip', true, 2],
    ],
  );
  const [unit] = byRing(['web/src/b.test.ts']);
  assert.deepEqual([unit?.ring.needsPeers, unit?.ring.needsWorker], [false, false]);
});
