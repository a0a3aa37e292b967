import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { localSecret, ownEdgeId } from './identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'sylk-identity-'));
after(() => rmSync(folder, { recursive: true }));

test('name and secret are made once, and kept for us alone', () => {
  const data = join(folder, 'new');
  assert.match(ownEdgeId(data), /^edge-[0-9a-f]{12}$/);
  assert.equal(ownEdgeId(data), ownEdgeId(data));
  assert.equal(localSecret(data).length, 43);
  assert.equal(statSync(join(data, 'edge-token')).mode & 0o777, 0o600);
});

test('a secret that signaling has made is taken', () => {
  writeFileSync(join(folder, 'edge-token'), 'made-by-the-other-process\n');
  assert.equal(localSecret(folder), 'made-by-the-other-process');
});
