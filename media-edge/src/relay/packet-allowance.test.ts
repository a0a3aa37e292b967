import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacketAllowance } from './packet-allowance.ts';

const passed = (packets: number, everyMs: number): number => {
  const allowance = new PacketAllowance(0);
  return Array.from({ length: packets }, (_, index) => allowance.take(index * everyMs)).filter(Boolean).length;
};

test('sound passes, in packets of 10 ms as well, and after a gap what was late', () => {
  assert.equal(passed(1_000, 20), 1_000);
  assert.equal(passed(1_000, 10), 1_000);
  assert.equal(passed(300, 0), 300);
});

test('a flood is cut down to the allowance', () => {
  const second = passed(100_000, 0.01);
  assert.ok(second <= 801, `${second} packets passed in a second`);
});
