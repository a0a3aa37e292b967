import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64Url, encodeBase64Url } from './base64url.ts';

const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => Buffer.from(array).toString('latin1'));

test('any bytes are written as the platform writes them, and read back', () => {
  fc.assert(
    fc.property(bytes, (text) => {
      const encoded = encodeBase64Url(text);
      assert.equal(encoded, Buffer.from(text, 'latin1').toString('base64url'));
      assert.equal(decodeBase64Url(encoded), text);
    }),
  );
});

for (const text of ['a', 'abcde', 'ab=', 'a+b/', 'ab c', 'aé', '\u0100abc']) {
  test(`${text} is no base64url`, () => assert.equal(decodeBase64Url(text), undefined));
}
