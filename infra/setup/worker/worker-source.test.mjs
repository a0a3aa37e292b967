import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesOf, sourceFingerprint } from './worker-source.mjs';

test('a series is read without comments and empty lines', () => {
  assert.deepEqual(seriesOf('# all\n0001-a.patch\n\n  0002-b.patch # why\n'), ['0001-a.patch', '0002-b.patch']);
});

test('the source has a fingerprint that does not change by itself', () => {
  assert.equal(sourceFingerprint(), sourceFingerprint());
});
