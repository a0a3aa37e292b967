import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayNameOf, readableName } from './readable-name.ts';

/** Draws what it is told to. */
const drawing = (pick: (limit: number) => number) => ({
  md5: String,
  sha256: String,
  isEqual: (one: string, other: string) => one === other,
  token: String,
  below: pick,
});

test('every draw gives a name that is allowed for an address', () => {
  const limits: number[] = [];
  const first = readableName(drawing((limit) => limits.push(limit) * 0));
  const last = readableName(drawing((limit) => limit - 1));
  for (const name of [first, last]) assert.match(name, /^[a-z]{3,}-[a-z]{3,}-[1-9]\d\d$/);
  const names = limits.reduce((product, limit) => product * limit, 1);
  assert.ok(names > 20_000_000, `${names} names`);
});

test('a name as people write it', () => {
  assert.equal(displayNameOf('calm-otter-417'), 'Calm Otter');
});
