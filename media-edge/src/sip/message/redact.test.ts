import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelOf, redactMessage } from './redact.ts';

const message = (headers: readonly string[], body = '') =>
  ['INVITE sip:bob@example.org SIP/2.0', ...headers, '', body].join('\r\n');

test('credentials are left out, folded ones too', () => {
  const text = message([
    'Authorization: Digest username="alice",',
    '  response="0123456789abcdef"',
    'proxy-authorization:Basic c2VjcmV0',
    'From: <sip:alice:pass@example.org>;tag=1',
    'Subject: lunch',
  ]);
  const redacted = redactMessage(text);
  for (const secret of ['0123456789abcdef', 'c2VjcmV0', ':pass@'])
    assert.equal(redacted.includes(secret), false, secret);
  assert.match(redacted, /Authorization: Digest \(left out\)\r\n/);
  assert.match(redacted, /Subject: lunch/);
});

test('media keys are left out of SDP, the rest stays', () => {
  const sdp =
    'v=0\r\nc=IN IP4 192.0.2.1\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0|2^20\r\na=ice-pwd:hidden\r\n';
  const redacted = redactMessage(message(['Content-Type: application/sdp'], sdp));
  assert.equal(redacted.includes('c2VjcmV0') || redacted.includes('hidden'), false);
  assert.match(redacted, /c=IN IP4 192\.0\.2\.1/);
  assert.match(redacted, /a=crypto:1 AES_CM_128_HMAC_SHA1_80 \(left out\)/);
});

test('typed digits and other bodies are left out', () => {
  const redacted = redactMessage(message(['c: application/dtmf-relay'], 'Signal=7\r\nDuration=160\r\n'));
  assert.equal(redacted.includes('Signal=7'), false);
  assert.match(redacted, /characters of application\/dtmf-relay, left out/);
});

test('a very long message is cut', () => {
  assert.ok(redactMessage(message([`X-Long: ${'y'.repeat(20_000)}`])).length < 8_100);
});

test('a message is called by its method, its status, and the method that this answers', () => {
  assert.equal(labelOf(message([])), 'INVITE');
  assert.equal(labelOf('SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\n\r\n'), '180 Ringing');
  assert.equal(labelOf('SIP/2.0 200 OK\r\nCSeq: 2 BYE\r\n\r\n'), '200 OK (BYE)');
});
