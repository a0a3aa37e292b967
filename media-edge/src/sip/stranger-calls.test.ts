import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxStrangerCalls, maxStrangerSetUps } from '@sylk/protocol/limits.ts';
import { StrangerCalls } from './stranger-calls.ts';

test('calls that are not acknowledged fill it, acknowledged ones make room', () => {
  const calls = new StrangerCalls();
  const begun = Array.from({ length: maxStrangerSetUps }, () => calls.begin());
  assert.equal(calls.isFull, true);
  begun[0]?.confirmed();
  begun[0]?.confirmed();
  assert.equal(calls.isFull, false);
  calls.begin();
  assert.equal(calls.isFull, true);
  begun[1]?.over();
  assert.equal(calls.isFull, false);
});

test('calls that run are bounded as well, until they end', () => {
  const calls = new StrangerCalls();
  const running = Array.from({ length: maxStrangerCalls }, () => {
    const call = calls.begin();
    call.confirmed();
    return call;
  });
  assert.equal(calls.isFull, true);
  running[0]?.over();
  assert.equal(calls.isFull, false);
});
