import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { edgeId } from './ids.ts';
import { linkTokenMs } from './limits.ts';
import { mintLinkToken, verifyLinkToken } from './link-token.ts';
import { ProtocolError } from './protocol-error.ts';

const hmacOf = (secret: string) => (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
const hmac = hmacOf('shared');
const nonce = '5b1d0c7e9a3f2468';
const nowMs = 1_772_705_700_000;
const token = mintLinkToken(edgeId('edge-1'), nonce, nowMs, hmac);

const refusal = (text: string, atMs = nowMs) => {
  try {
    verifyLinkToken(text, atMs, hmac);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ProtocolError, String(error));
    return error.message;
  }
};

test('a token says who opens the link, until when, and its nonce', () => {
  assert.deepEqual(verifyLinkToken(token, nowMs, hmac), { edge: 'edge-1', exp: nowMs + linkTokenMs, nonce });
});

test('a token keeps an edge name that is not ASCII', () => {
  const claims = verifyLinkToken(mintLinkToken(edgeId('kanté-漢'), nonce, nowMs, hmac), nowMs, hmac);
  assert.equal(claims.edge, 'kanté-漢');
});

test('a token lives a minute', () => {
  assert.equal(refusal(token, nowMs + linkTokenMs - 1), undefined);
  assert.equal(refusal(token, nowMs + linkTokenMs), 'link token has expired, mint a new one for each attempt');
});

test('a token of an edge whose clock is far ahead is refused', () => {
  assert.equal(refusal(token, nowMs - linkTokenMs), undefined);
  assert.equal(refusal(token, nowMs - linkTokenMs - 1), 'link token lives too long, check the clocks');
});

test('a token under another secret is refused', () => {
  const forged = mintLinkToken(edgeId('edge-1'), nonce, nowMs, hmacOf('guessed'));
  assert.equal(refusal(forged), 'link token is not genuine');
});

test('a signed text that is not a token is refused', () => {
  const signed = (json: string) => {
    const payload = Buffer.from(json).toString('base64url');
    return `${payload}.${hmac(payload)}`;
  };
  assert.equal(refusal(signed('edge-1')), 'not JSON');
  assert.equal(refusal(signed('{"edge":"edge-1"}')), 'link token does not name edge, exp and nonce');
  assert.equal(refusal(signed('[]')), 'link token does not name edge, exp and nonce');
});

test('any change of a token is refused', () => {
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ maxLength: 2 }), (index, text) => {
      const changed = token.slice(0, index) + text + token.slice(index + 1);
      assert.ok(changed === token || refusal(changed) !== undefined);
    }),
  );
});

test('any text is refused', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => refusal(text) !== undefined));
});
