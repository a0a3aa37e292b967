import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasOwnName, initials, nameOf, tintOf } from './person.ts';

test('a person is called by name, else by address without its scheme', () => {
  assert.equal(nameOf({ uri: 'bob@example.org', displayName: 'Bob Jones' }), 'Bob Jones');
  assert.equal(nameOf({ uri: 'xmpp:bob@example.org', displayName: ' ' }), 'bob@example.org');
  assert.equal(nameOf({ uri: '+31201234567@phone.example', displayName: '' }), '+31201234567');
  assert.equal(hasOwnName({ uri: 'sip:bob@example.org', displayName: 'bob@example.org' }), false);
});

test('initials come from the name, then from the part before the @', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['bob@example.org', 'Bob van Jones', 'BJ'],
    ['mary.sue@example.org', '', 'MS'],
    ['émile@example.org', '', 'É'],
    ['+31201234567@example.org', '', ''],
  ];
  for (const [uri, displayName, letters] of rows) assert.equal(initials({ uri, displayName }), letters, uri);
});

test('a tint belongs to the address, however it is written', () => {
  assert.equal(tintOf('sip:Bob@example.org'), tintOf('bob@example.org'));
  for (const uri of ['a@b', 'c@d', '']) assert.ok(tintOf(uri) >= 0 && tintOf(uri) < 6);
});
