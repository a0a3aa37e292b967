import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Faults } from './faults.ts';

const fates = (faults: Faults) =>
  Array.from({ length: 50 }, () => [faults.store(), faults.comesTwice(), faults.delayMs()]);

test('a seed decides the same things in the same order', () => {
  assert.deepEqual(fates(new Faults(['hostile'], 7)), fates(new Faults(['hostile'], 7)));
  assert.notDeepEqual(fates(new Faults(['hostile'], 7)), fates(new Faults(['hostile'], 8)));
});

test('nothing goes wrong without a mode, and only its own in one', () => {
  assert.deepEqual(new Set(fates(new Faults([], 7)).flat()), new Set(['works', false, 0]));
  const stores = new Set(fates(new Faults(['throttled-store'], 7)).flat());
  assert.deepEqual(stores, new Set(['works', 'throttled', 'loses its answer', false, 0]));
});

test('hostile leaves alone how processes live', () => {
  assert.equal(new Faults(['hostile']).processes, 'warm');
  assert.equal(new Faults(['hostile', 'freeze']).processes, 'freeze');
});
