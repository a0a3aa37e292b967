import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
import { defaultTimers } from '../sip-timers.ts';
import { Retransmissions } from './retransmissions.ts';

let clock: FakeClock;
let repeats: Retransmissions;
let sent: number[];
let start: number;
beforeEach(() => {
  clock = new FakeClock();
  repeats = new Retransmissions(clock, defaultTimers);
  sent = [];
  start = clock.now();
});

const send = () => void sent.push(clock.now() - start);

test('INVITE is repeated at 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 s (Timer A), until Timer B', async () => {
  repeats.repeatRequest('INVITE', 'b', send);
  await clock.advance(60_000);
  assert.deepEqual(sent, [500, 1500, 3500, 7500, 15_500, 31_500]);
  assert.equal(clock.pending, 0);
});

test('other requests are repeated every T2 at most (Timer E)', async () => {
  repeats.repeatRequest('BYE', 'b', send);
  await clock.advance(20_000);
  assert.deepEqual(sent, [500, 1500, 3500, 7500, 11_500, 15_500, 19_500]);
  await clock.advance(60_000);
  assert.equal(sent.at(-1), 31_500);
  assert.equal(clock.pending, 0);
});

test('any response stops INVITE, a final one the others; a 1xx makes them slow', async () => {
  repeats.repeatRequest('INVITE', 'b', send);
  repeats.answered('INVITE', 'b', 100);
  await clock.advance(40_000);
  assert.deepEqual(sent, []);
  start = clock.now();
  repeats.repeatRequest('BYE', 'b', send);
  repeats.answered('BYE', 'b', 100);
  await clock.advance(5_000);
  assert.deepEqual(sent, [500, 4500]);
  repeats.answered('BYE', 'b', 200);
  await clock.advance(40_000);
  assert.equal(sent.length, 2);
  assert.equal(clock.pending, 0);
});

test('the response to another method or branch stops nothing', async () => {
  repeats.repeatRequest('INVITE', 'b', send);
  repeats.answered('CANCEL', 'b', 200);
  repeats.answered('INVITE', 'c', 200);
  await clock.advance(500);
  assert.deepEqual(sent, [500]);
  repeats.close();
});

test('ACK is not repeated', () => {
  repeats.repeatRequest('ACK', 'b', send);
  assert.equal(clock.pending, 0);
});

test('a refusal of INVITE is repeated until its ACK (Timer G), at most until Timer H', async () => {
  repeats.repeatFinal('t', send);
  await clock.advance(4_000);
  assert.deepEqual(sent, [500, 1500, 3500]);
  repeats.acknowledged('t');
  await clock.advance(40_000);
  assert.equal(sent.length, 3);
  repeats.repeatFinal('u', send);
  await clock.advance(40_000);
  assert.equal(clock.pending, 0);
});

test('closing leaves no timer', () => {
  repeats.repeatRequest('INVITE', 'b', send);
  repeats.repeatFinal('t', send);
  repeats.close();
  assert.equal(clock.pending, 0);
});
