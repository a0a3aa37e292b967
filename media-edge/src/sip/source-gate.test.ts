import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Core } from 'sip.js';
import { FakeClock } from '../../../test/fakes/fake-clock.ts';
import { isScanner, SourceGate } from './source-gate.ts';

const admitted = (gate: SourceGate, address: string, times: number): number =>
  Array.from({ length: times }, () => gate.admits(address)).filter(Boolean).length;

test('a stranger may ask 60 times at once, and 10 times a second after that', async () => {
  const clock = new FakeClock();
  const gate = new SourceGate(clock, () => false);
  assert.equal(admitted(gate, '198.51.100.1', 100), 60);
  await clock.advance(1_000);
  assert.equal(admitted(gate, '198.51.100.1', 100), 10);
  assert.equal(admitted(gate, '198.51.100.2', 5), 5);
});

test('a whole /64 of IPv6 is one source', () => {
  const gate = new SourceGate(new FakeClock(), () => false);
  assert.equal(admitted(gate, '2001:db8:1:2::1', 60), 60);
  assert.equal(admitted(gate, '2001:db8:1:2:ffff::9', 1), 0);
  assert.equal(admitted(gate, '2001:db8:1:3::1', 1), 1);
});

test('strangers together are limited too, as each forged source is a new one; our own networks are not', async () => {
  const clock = new FakeClock();
  const gate = new SourceGate(clock, (address) => address.startsWith('10.'));
  const flood = () => Array.from({ length: 1_000 }, (_, index) => gate.admits(`198.51.${index >> 8}.${index & 255}`));
  assert.equal(flood().filter(Boolean).length, 400);
  await clock.advance(1_000);
  assert.equal(flood().filter(Boolean).length, 200);
  assert.equal(gate.admits('10.0.0.1'), true);
});

test("the operator's own networks are not limited", () => {
  assert.equal(admitted(new SourceGate(new FakeClock(), () => true), '10.0.0.1', 1_000), 1_000);
});

test('a flood from everywhere is forgotten again', () => {
  const gate = new SourceGate(new FakeClock(), () => false);
  for (let index = 0; index < 50_000; index++) gate.admits(`198.${index >> 16}.${(index >> 8) & 255}.${index & 255}`);
  assert.equal(gate.size, 20_000);
});

test('scanners are known by their names', () => {
  const message = new Core.IncomingRequestMessage();
  message.headers = { 'User-Agent': [{ raw: 'friendly-scanner' }] };
  assert.equal(isScanner(message), true);
  message.headers = { From: [{ raw: '"sipvicious" <sip:100@1.1.1.1>;tag=1' }] };
  assert.equal(isScanner(message), true);
  message.headers = {
    'User-Agent': [{ raw: 'baresip v1.0.0 (x86_64/linux)' }],
    From: [{ raw: '<sip:bob@example.org>;tag=1' }],
  };
  assert.equal(isScanner(message), false);
});
