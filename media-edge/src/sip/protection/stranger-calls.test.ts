import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxStrangerCalls, maxStrangerSetUps } from '@sylk/protocol/limits.ts';
import { StrangerCalls } from './stranger-calls.ts';

const stranger = '198.51.100.1';
const friend = '10.0.0.1';

test('calls that are not acknowledged fill it, acknowledged ones make room', () => {
  const calls = new StrangerCalls((address) => address === friend);
  const begun = Array.from({ length: maxStrangerSetUps }, () => calls.begin(stranger));
  assert.equal(calls.isFull(stranger), true);
  assert.equal(calls.isFull(friend), false);
  assert.equal(calls.begin(friend), undefined);
  begun[0]?.confirmed();
  begun[0]?.confirmed();
  assert.equal(calls.isFull(stranger), false);
  calls.begin(stranger);
  assert.equal(calls.isFull(stranger), true);
  begun[1]?.over();
  assert.equal(calls.isFull(stranger), false);
});

test('calls that run are bounded as well, until they end', () => {
  const calls = new StrangerCalls((address) => address === friend);
  const running = Array.from({ length: maxStrangerCalls }, () => {
    const call = calls.begin(stranger);
    call?.confirmed();
    return call;
  });
  assert.equal(calls.isFull(stranger), true);
  running[0]?.over();
  assert.equal(calls.isFull(stranger), false);
});

test('one source has only so many, while others go on calling', () => {
  const calls = new StrangerCalls((address) => address === friend, 2);
  const first = calls.begin(stranger);
  calls.begin(stranger);
  assert.equal(calls.hasMany(stranger), true);
  assert.equal(calls.hasMany('198.51.100.2'), false);
  first?.over();
  first?.over();
  assert.equal(calls.hasMany(stranger), false);
});
