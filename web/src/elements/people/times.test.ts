import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock, timeLeft, whenWas } from './times.ts';

test('the length of a call', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0:00'],
    [7_900, '0:07'],
    [754_000, '12:34'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ];
  for (const [ms, text] of rows) assert.equal(clock(ms), text);
});

test('what is left is never promised too long', () => {
  const rows: readonly (readonly [number, string | undefined])[] = [
    [59_000, undefined],
    [61_000, '1 minute'],
    [89 * 60_000, '89 minutes'],
    [24 * 3600_000 - 1, '23 hours'],
    [3 * 24 * 3600_000, '3 days'],
  ];
  for (const [ms, text] of rows) assert.equal(timeLeft(ms, 'en'), text);
});

test('a moment is named as coarsely as it is old', () => {
  const now = new Date(2024, 4, 15, 15, 0).getTime();
  assert.equal(whenWas(new Date(2024, 4, 15, 9, 5).getTime(), now, 'en'), '9:05 AM');
  assert.equal(whenWas(new Date(2024, 4, 13, 9, 5).getTime(), now, 'en'), 'Monday');
  assert.equal(whenWas(new Date(2024, 1, 3, 9, 5).getTime(), now, 'en'), 'Feb 3');
});
