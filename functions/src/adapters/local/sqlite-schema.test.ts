import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { aor } from '@sylk/protocol/ids.ts';
import { formats } from './sqlite-schema.ts';
import { SqliteStore } from './sqlite-store.ts';

test('histories of a file in which an id could name several messages go on, each message by an id of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-format-'));
  const file = join(folder, 'sylk.db');
  const alice = aor('alice@sylk.test');
  const former = new DatabaseSync(file);
  former.exec(`${formats.slice(0, 5).join('\n')}; PRAGMA user_version = 5`);
  const row = former.prepare(
    `INSERT INTO messages VALUES (?, ?, ?, ?, ?, 'incoming', 'text/plain', 'x', '2026-01-31T12:00:00Z', 1, 'received', 6, '[]', 0)`,
  );
  const place = former.prepare('INSERT INTO message_places VALUES (?, ?, ?)');
  const rows = ['same', 'other', 'same'].entries();
  for (const [index, id] of rows) {
    const key = JSON.stringify([id, 'incoming', `sender-${index}`]);
    row.run(alice, key, index + 1, id, `sender-${index}`);
    place.run(alice, index + 1, key);
  }
  former.close();
  const store = new SqliteStore(file);
  const found = await store.messages.page(alice, 0, 10);
  assert.deepEqual(
    found.map(({ contact, seq }) => [contact, seq]),
    [
      ['sender-0', 1],
      ['sender-1', 2],
      ['sender-2', 3],
    ],
  );
  assert.deepEqual(
    found.slice(0, 2).map(({ id }) => id),
    ['same', 'other'],
  );
  for (const entry of found) assert.deepEqual(await store.messages.find(alice, entry.id), entry);
  store.close();
  rmSync(folder, { recursive: true });
});
