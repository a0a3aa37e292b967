import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latch } from './latch.ts';

const named = { address: '192.0.2.7', port: 5004 };

test('media goes to the address of the SDP until the peer is heard', () => {
  const latch = new Latch(true);
  assert.equal(latch.target, undefined);
  latch.name(named);
  assert.deepEqual(latch.target, named);
});

test('the address of the SDP is heard at once, then strangers are not', () => {
  const latch = new Latch(true);
  latch.name(named);
  assert.equal(latch.accepts(named.address, named.port, 0), true);
  for (let index = 0; index < 20; index += 1) assert.equal(latch.accepts('203.0.113.9', 4000, index), false);
  assert.deepEqual(latch.target, named);
});

test('the named host behind a NAT that changed its port is heard at once', () => {
  const latch = new Latch(true);
  latch.name(named);
  assert.equal(latch.accepts(named.address, 61_000, 0), true);
  assert.deepEqual(latch.target, { address: named.address, port: 61_000 });
});

test('another host is believed after five packets, unless the named one speaks', () => {
  const latch = new Latch(true);
  latch.name(named);
  const heard = [0, 20, 40, 60, 80].map((nowMs) => latch.accepts('203.0.113.9', 4000, nowMs));
  assert.deepEqual(heard, [false, false, false, false, true]);
  assert.deepEqual(latch.target, { address: '203.0.113.9', port: 4000 });
  assert.equal(latch.accepts(named.address, named.port, 100), true);
  assert.equal(latch.accepts('203.0.113.9', 4000, 120), false);
});

test('before any SDP the first sender is taken, and the SDP corrects it', () => {
  const latch = new Latch(true);
  assert.equal(latch.accepts('203.0.113.9', 4000, 0), true);
  latch.name(named);
  assert.deepEqual(latch.target, named);
  assert.equal(latch.accepts('203.0.113.9', 4000, 20), true, 'heard until the named one speaks');
  assert.equal(latch.accepts(named.address, named.port, 40), true);
  assert.equal(latch.accepts('203.0.113.9', 4000, 60), false);
});

test('the same SDP again changes nothing', () => {
  const latch = new Latch(true);
  latch.name(named);
  latch.accepts(named.address, 61_000, 0);
  latch.name({ ...named });
  assert.deepEqual(latch.target, { address: named.address, port: 61_000 });
});

test('a peer that is silent for long may be replaced', () => {
  const latch = new Latch(true);
  latch.name(named);
  latch.accepts(named.address, named.port, 0);
  const heard = [6000, 6020, 6040, 6060, 6080].map((nowMs) => latch.accepts('203.0.113.9', 4000, nowMs));
  assert.equal(heard.at(-1), true);
});

test('without latching only the address of the SDP is heard', () => {
  const latch = new Latch(false);
  assert.equal(latch.accepts('203.0.113.9', 4000, 0), false);
  latch.name(named);
  assert.equal(latch.accepts(named.address, 61_000, 0), false);
  assert.equal(latch.accepts(named.address, named.port, 0), true);
});
