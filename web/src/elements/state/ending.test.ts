import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ending, endingOf } from './ending.ts';

test('only what is broken looks broken', () => {
  const rows: readonly (readonly ['ok' | 'failed', string, Ending])[] = [
    ['ok', '200 OK', 'usual'],
    ['failed', '486 Busy Here', 'unanswered'],
    ['failed', '603 Decline', 'unanswered'],
    ['failed', '480 Temporarily Unavailable', 'unanswered'],
    ['failed', '404 Not Found', 'failure'],
    ['failed', '503 Service Unavailable', 'failure'],
    ['failed', '', 'failure'],
  ];
  for (const [kind, reason, ending] of rows) assert.equal(endingOf({ kind, reason }), ending, reason);
  assert.equal(endingOf({ kind: 'failed', reason: '408 ICE failed', unreached: [] }), 'failure', 'the network is');
});
