import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callId } from '@sylk/protocol/ids.ts';
import { newCallId, sessionIdOf } from './identity.ts';

test('the called know a call by the MD5 of its Call-ID in the form of a UUID', () => {
  // echo -n a84b4c76e66710@pc33.atlanta.example | md5sum
  assert.equal(sessionIdOf(callId('a84b4c76e66710@pc33.atlanta.example')), 'b4b802d6-0810-5c25-314c-794b1ee6a668');
  assert.equal(sessionIdOf(callId('x')), sessionIdOf(callId('x')));
});

test('Call-IDs of our own are of our domain and do not repeat', () => {
  assert.match(newCallId('sylk.test'), /^[0-9a-f]{24}@sylk\.test$/);
  assert.notEqual(newCallId('sylk.test'), newCallId('sylk.test'));
});
