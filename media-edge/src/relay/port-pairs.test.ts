import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortPairs } from './port-pairs.ts';

test('pairs begin at an even port and lie within the range', () => {
  const ports = new PortPairs({ first: 4001, last: 4006 }, 1000);
  assert.deepEqual([ports.take(0), ports.take(0), ports.take(0)], [4002, 4004, undefined]);
});

test('a port rests after use and comes back then', () => {
  const ports = new PortPairs({ first: 4000, last: 4003 }, 1000);
  ports.take(0);
  ports.take(0);
  ports.giveBack(4000, 500);
  assert.equal(ports.take(1499), undefined);
  assert.equal(ports.take(1500), 4000);
});

test('ports go round, the one longest out of use first', () => {
  const ports = new PortPairs({ first: 4000, last: 4007 }, 0);
  assert.equal(ports.take(0), 4000);
  ports.giveBack(4000, 0);
  assert.deepEqual([ports.take(1), ports.take(1), ports.take(1), ports.take(1)], [4002, 4004, 4006, 4000]);
});

test('giving back what was not taken is harmless', () => {
  const ports = new PortPairs({ first: 4000, last: 4001 }, 1000);
  ports.giveBack(4000, 0);
  assert.equal(ports.take(0), 4000);
});
