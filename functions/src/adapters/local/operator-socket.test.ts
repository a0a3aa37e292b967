import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listenToOperator } from './operator-socket.ts';

test("the operator's socket is its owner's from the moment when it is there", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sylk-operator-'));
  const path = join(folder, 'ctl.sock');
  const server = createServer();
  const mask = process.umask(0o022);
  try {
    const opening = listenToOperator(server, path);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(process.umask(), 0o022);
    await opening;
    assert.equal(statSync(path).mode & 0o777, 0o600);
  } finally {
    process.umask(mask);
    server.close();
    rmSync(folder, { recursive: true });
  }
});
