import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ladderSession } from './ladder-link.ts';

test('the course of a call has its session in the path', () => {
  assert.equal(ladderSession('/calls/0f9e-12'), '0f9e-12');
  assert.equal(ladderSession('/calls/0f9e-12/'), '0f9e-12');
  for (const path of ['/', '/calls/', '/call/bob@example.org', '/calls/a/b'])
    assert.equal(ladderSession(path), undefined);
});
