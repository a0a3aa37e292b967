import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Core } from 'sip.js';
import { FakeClock } from '../../../../test/fakes/fake-clock.ts';
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

test('a flood from one source does not shut it out for good, nor one from everywhere the others', async () => {
  const clock = new FakeClock();
  const gate = new SourceGate(clock, () => false);
  let heard = 0;
  for (let tick = 0; tick < 1_000; tick++) {
    await clock.advance(10);
    heard += admitted(gate, '198.51.100.1', 20);
  }
  assert.ok(heard >= 100 && heard <= 170, String(heard));
});

test('a source that may ask no more is not even read, until it may again', async () => {
  const clock = new FakeClock();
  const gate = new SourceGate(
    clock,
    () => false,
    (address) => address === '198.51.100.9',
  );
  assert.equal(gate.isShut('198.51.100.1'), false);
  admitted(gate, '198.51.100.1', 60);
  admitted(gate, '198.51.100.9', 60);
  assert.deepEqual([gate.isShut('198.51.100.1'), gate.isShut('198.51.100.9')], [true, false]);
  await clock.advance(100);
  assert.equal(gate.isShut('198.51.100.1'), false);
});

test('a peer in a call, or registered, may ask ten times as much, whatever strangers do', () => {
  const gate = new SourceGate(
    new FakeClock(),
    () => false,
    (address) => address === '198.51.100.9',
  );
  for (let host = 0; host < 1_000; host++) gate.admits(`198.18.${host >> 8}.${host & 255}`);
  // Its own sixty find no room among the strangers either, and six hundred are its own.
  assert.equal(admitted(gate, '198.51.100.9', 1_000), 600);
  assert.equal(admitted(gate, '198.51.100.8', 1_000), 0);
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
