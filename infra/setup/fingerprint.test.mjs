import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentsOf, filesBelow, fingerprint } from './fingerprint.mjs';

test('a fingerprint is twelve hex digits and tells texts apart, also by where one ends', () => {
  assert.match(fingerprint(['a', 'b']), /^[0-9a-f]{12}$/);
  assert.equal(fingerprint(['a', 'b']), fingerprint(['a', 'b']));
  assert.notEqual(fingerprint(['a', 'b']), fingerprint(['ab']));
  assert.notEqual(fingerprint(['a', 'b']), fingerprint(['b', 'a']));
});

test('a folder is its names and contents in a fixed order', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-fingerprint-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'z'), 'last');
  writeFileSync(join(folder, 'inner', 'a'), 'first');
  assert.deepEqual(contentsOf(folder), ['inner/a', 'first', 'z', 'last']);
  assert.deepEqual(
    filesBelow(folder, (name) => name !== 'inner'),
    [join(folder, 'z')],
  );
});
