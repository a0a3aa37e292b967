import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Core } from 'sip.js';
import { allHeaders, headersByPrefix, refusedHeader } from './custom-headers.ts';

for (const name of ['X-Ticket', 'x-a', 'Subject', 'priority', 'User-to-User']) {
  test(`${name} may be set`, () => assert.equal(refusedHeader([{ name, value: 'one' }]), undefined));
}

for (const name of [
  'Via',
  'Contact',
  'Route',
  'From',
  'X-',
  'X-a b',
  'X-a:b',
  'X-a\r\nVia',
  '',
  'Content-Length',
  'P-Asserted-Identity',
]) {
  test(`${JSON.stringify(name)} may not be set`, () => {
    assert.match(refusedHeader([{ name, value: 'one' }]) ?? '', /^header not allowed: /);
  });
}

test('a value cannot bring further lines or bytes that end one', () => {
  for (const value of ['a\r\nVia: x', 'a\nb', 'a\0', '\x7f']) {
    assert.match(refusedHeader([{ name: 'X-A', value }]) ?? '', /control character/);
  }
  assert.match(refusedHeader([{ name: 'X-A', value: 'y'.repeat(2_000) }]) ?? '', /at most 1024/);
  assert.match(refusedHeader(Array.from({ length: 33 }, () => ({ name: 'X-A', value: '' }))) ?? '', /at most 32/);
});

test('a device sees headers by prefix, and never those that SIP works with', () => {
  const message = new Core.IncomingRequestMessage();
  message.headers = {
    'X-Queue': [{ raw: 'sales' }],
    'X-Other': [{ raw: '1' }, { raw: '2' }],
    Via: [{ raw: 'secret' }],
    Subject: [{ raw: 'hi' }],
  };
  assert.deepEqual(allHeaders(message), { 'X-Queue': 'sales', 'X-Other': '2', Subject: 'hi' });
  assert.deepEqual(headersByPrefix(message, ['x-q']), { 'X-Queue': 'sales' });
  assert.deepEqual(headersByPrefix(message, ['Via']), {});
});
