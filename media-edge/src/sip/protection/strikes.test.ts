import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Core } from 'sip.js';
import { strikesFor } from './strikes.ts';

function request(headers: readonly string[] = [], toTag?: string): Core.IncomingRequestMessage {
  const message = new Core.IncomingRequestMessage();
  for (const name of headers) message.headers[name] = [{ raw: 'Digest x' }];
  if (toTag !== undefined) message.toTag = toTag;
  return message;
}

const withPassword = request(['Authorization']);

const rows: [string, number][] = [
  ['a call that is answered', strikesFor(request(), 200, '')],
  ['nobody at home, or busy', strikesFor(request(), 480, '') + strikesFor(request(), 486, '')],
  ['our own overload', strikesFor(request(), 503, '')],
  ['the first question of a phone that registers', strikesFor(request(), 401, '')],
  [
    'an old nonce',
    strikesFor(withPassword, 401, 'SIP/2.0 401 X\r\nWWW-Authenticate: Digest realm="a", stale=true\r\n'),
  ],
  ['any failure within a call', strikesFor(request([], 'ours'), 400, '') + strikesFor(request([], 'ours'), 488, '')],
];
for (const [name, strikes] of rows) test(`${name} counts nothing`, () => assert.equal(strikes, 0));

test('an address that is nobody counts, and a call that never was, a wrong password more', () => {
  assert.equal(strikesFor(request(), 404, ''), 1);
  assert.equal(strikesFor(request([], 'never ours'), 481, ''), 1);
  assert.equal(strikesFor(withPassword, 401, 'SIP/2.0 401 X\r\nWWW-Authenticate: Digest realm="a"\r\n'), 3);
  assert.equal(strikesFor(request(['Proxy-Authorization']), 407, ''), 3);
});
