import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOf } from './end-cause.ts';
import { busyByItself, isMissed } from './missed.ts';

test('a call that was cancelled, rang out or found nobody is missed', () => {
  for (const code of [487, 408, 480])
    assert.equal(isMissed({ cause: causeOf(code, 'caller'), wasAnswered: false }), true);
});

test('a declined call is not missed, one refused by a busy device is', () => {
  assert.equal(isMissed({ cause: causeOf(603, 'callee'), wasAnswered: false }), false);
  assert.equal(isMissed({ cause: causeOf(486, 'callee'), wasAnswered: false }), false);
  assert.equal(isMissed({ cause: causeOf(486, 'callee', busyByItself), wasAnswered: false }), true);
});

test('an answered call is never missed, nor one to an address that does not exist', () => {
  assert.equal(isMissed({ cause: causeOf(487, 'caller'), wasAnswered: true }), false);
  assert.equal(isMissed({ cause: causeOf(404, 'callee'), wasAnswered: false }), false);
});
