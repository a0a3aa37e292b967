import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nothing } from '../scale/counts.ts';
import { Ledger } from './ledger.ts';

const request = JSON.stringify({ sylkrtc: 'ping', transaction: 't-1' });
const renewal = JSON.stringify({ kind: 'renew', id: 'r-1' });
const look = { ExpressionAttributeValues: { ':pk': { S: 'E' } } };

test('what a process does is booked to the event that it is at', () => {
  const ledger = new Ledger();
  ledger.runBegins('one', { body: request });
  ledger.runBegins('other', { body: renewal });
  ledger.store('one', 'GetItem', {});
  ledger.store('other', 'UpdateItem', {});
  ledger.messageOut('one', 10);
  ledger.messageOut('other', 20);
  assert.equal(ledger.running, 1);
  ledger.runEnds('one');
  assert.equal(ledger.running, 0);
  assert.deepEqual(ledger.steps, { ...nothing, lambdaCalls: 1, storeReads: 1, messages: 1, bytes: 10 });
  assert.deepEqual(ledger.renewals, { ...nothing, lambdaCalls: 1, storeWrites: 1, messages: 1, bytes: 20 });
});

test('a repetition, the watch over edges and a look at their list belong to no step', () => {
  const ledger = new Ledger();
  ledger.messageIn(request);
  const { steps } = ledger;
  ledger.messageIn(request);
  ledger.runBegins('one', { source: 'aws.events' });
  ledger.runBegins('other', { Records: [{ body: '{"kind":"watch-edges"}' }] });
  ledger.store('third', 'Query', look);
  assert.deepEqual(ledger.steps, steps);
  assert.equal(ledger.running, 0);
});

test('what an edge posts itself is for people', () => {
  const ledger = new Ledger();
  ledger.messageOut('', 30);
  assert.deepEqual(ledger.steps, { ...nothing, messages: 1, bytes: 30 });
});
