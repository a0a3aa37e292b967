import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayName, isNextDay, timeOf } from './days.ts';

const now = new Date(2024, 4, 15, 15, 0).getTime();

test('days are named as people name them', () => {
  const rows: readonly (readonly [Date, string])[] = [
    [new Date(2024, 4, 15, 0, 5), 'Today'],
    [new Date(2024, 4, 14, 23, 59), 'Yesterday'],
    [new Date(2024, 4, 10, 9, 0), 'Friday'],
    [new Date(2024, 1, 3, 9, 0), 'Sat, February 3'],
    [new Date(2023, 1, 3, 9, 0), 'Fri, February 3, 2023'],
    [new Date(2024, 4, 16, 9, 0), 'Thu, May 16'],
  ];
  for (const [day, name] of rows) assert.equal(dayName(day.getTime(), now, 'en'), name);
  assert.equal(dayName(now, now, 'de'), 'Heute');
});

test('midnight is between two days', () => {
  assert.equal(isNextDay(new Date(2024, 4, 14, 23, 59).getTime(), new Date(2024, 4, 15, 0, 0).getTime()), true);
  assert.equal(isNextDay(new Date(2024, 4, 15, 0, 0).getTime(), now), false);
  assert.equal(timeOf(now, 'en'), '3:00 PM');
});
