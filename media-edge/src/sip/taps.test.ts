import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import type { TraceEntry } from '../ports/sip-endpoint.ts';
import { Taps } from './taps.ts';

const invite = 'INVITE sip:a@b SIP/2.0\r\nCall-ID: one\r\n\r\n';

test('messages of a call reach its ladder, those of others nobody', async () => {
  const clock = new FakeClock();
  const taps = new Taps(clock);
  const seen: TraceEntry[] = [];
  const close = taps.open('one', (entry) => seen.push(entry));
  taps.received('one', invite);
  taps.sent('one', 'SIP/2.0 100 Trying\r\nCSeq: 1 INVITE\r\n\r\n');
  taps.sent('two', invite);
  close(1_000);
  taps.note('one', 'late');
  await clock.advance(1_001);
  taps.note('one', 'too late');
  assert.deepEqual(
    seen.map(({ from, label }) => `${from} ${label}`),
    ['sip INVITE', 'gateway 100 Trying', 'gateway late'],
  );
});

test('what came before the call was taken is told when it is', () => {
  const taps = new Taps(new FakeClock());
  const seen: string[] = [];
  taps.await('one');
  taps.received('one', invite);
  taps.await('one');
  for (let copy = 0; copy < 100; copy++) taps.received('one', invite);
  taps.open('one', ({ label }) => seen.push(label));
  assert.equal(seen.length, 20);
  taps.await('two');
  taps.received('two', invite);
  taps.stopWaiting('two');
  taps.open('two', ({ label }) => seen.push(label));
  assert.equal(seen.length, 20);
});

test('a call to ourselves is on the ladders of both its legs, until each is over', async () => {
  const clock = new FakeClock();
  const taps = new Taps(clock);
  const seen: string[] = [];
  const close = taps.open('one', ({ label }) => seen.push(`a ${label}`));
  taps.open('one', ({ label }) => seen.push(`b ${label}`));
  taps.received('one', invite);
  close(0);
  await clock.advance(1);
  taps.note('one', 'more');
  assert.deepEqual(seen, ['a INVITE', 'b INVITE', 'b more']);
});
