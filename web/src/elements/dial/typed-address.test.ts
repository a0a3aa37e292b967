import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf, readTypedAddress } from './typed-address.ts';

const own = 'sylk.example';

test('addresses in every form that people paste', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['bob@example.org', 'bob@example.org', 'sip'],
    ['  Bob@Example.ORG ', 'Bob@example.org', 'sip'],
    ['sip:bob@example.org', 'bob@example.org', 'sip'],
    ['SIPS:bob@example.org;transport=tls?subject=x', 'sips:bob@example.org', 'sip'],
    ['"Bob B." <sip:bob@example.org>', 'bob@example.org', 'sip'],
    ['sip:bob@192.0.2.7:5070', 'bob@192.0.2.7:5070', 'sip'],
    ['sip:bob@[2001:db8::1]:5070', 'bob@[2001:db8::1]:5070', 'sip'],
    ['xmpp:bob@example.org?message', 'xmpp:bob@example.org', 'xmpp'],
    ['https://sylk.example:8443/call/bob@example.org', 'bob@example.org', 'sip'],
    ['https://sylk.example/call/bob%40example.org?x=1', 'bob@example.org', 'sip'],
    ['bob@SYLK.example', 'bob@sylk.example', 'here'],
    ['echo', 'echo@sylk.example', 'here'],
    ['+31 20 123 4567', '+31201234567@sylk.example', 'here'],
  ];
  for (const [text, uri, network] of rows) {
    assert.deepEqual(readTypedAddress(text, own), { kind: 'address', uri, network }, text);
  }
});

test('nobody is corrected while typing', () => {
  const text = 'sip:bob@example.org';
  for (let length = 1; length <= text.length; length += 1) {
    assert.notEqual(readTypedAddress(text.slice(0, length), undefined).kind, 'wrong', text.slice(0, length));
  }
  assert.deepEqual(readTypedAddress('', own), { kind: 'empty' });
  assert.deepEqual(readTypedAddress('bob@example.', own), { kind: 'unfinished' });
});

test('what typing on cannot mend is named', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['bob smith@example.org', 'spaces'],
    ['bob@@example.org', 'several-at'],
    ['@example.org', 'name'],
    ['bob@exa_mple.org', 'domain'],
    ['mailto:bob@example.org', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
  ];
  for (const [text, fault] of rows) assert.deepEqual(readTypedAddress(text, own), { kind: 'wrong', fault }, text);
});

test('an unfinished address is a fault only once the call is asked for', () => {
  assert.equal(faultOf(readTypedAddress('bob', undefined)), 'needs-domain');
  assert.equal(faultOf(readTypedAddress('bob@', undefined)), 'needs-domain');
  assert.equal(faultOf(readTypedAddress('bob@example.org', undefined)), undefined);
});
