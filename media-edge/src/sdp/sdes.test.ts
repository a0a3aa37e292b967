import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, fixture } from './fixtures.ts';
import { readPlainDescription, usedPlainLine } from './plain-read.ts';
import { toCrypto, usableKeys } from './sdes.ts';

const key128 = 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj';
const key256 = `${'A'.repeat(62)}==`;
const line = (keys: string, more: { suite?: string; parameter?: string } = {}) => ({
  tag: 1,
  suite: 'AES_CM_128_HMAC_SHA1_80',
  keys,
  ...more,
});

test('a key with its life time and its name', () => {
  const [plain] = usableKeys([line(`inline:${key128}|2^31`)]);
  assert.deepEqual(plain, { tag: 1, suite: 'AES_CM_128_HMAC_SHA1_80', text: key128 });
  const [named] = usableKeys([line(`inline:${key128}|2^20|1066:4`)]);
  assert.deepEqual(named?.mki, { value: 1066, bytes: 4 });
  assert.deepEqual(usableKeys([line(`inline:${key128}|1:32`)]), [], 'a name of 32 octets is more than we carry');
});

test('AES-256 has longer keys', () => {
  const suite = 'AES_256_CM_HMAC_SHA1_80';
  assert.equal(usableKeys([line(`inline:${key256}`, { suite })]).length, 1);
  assert.equal(usableKeys([line(`inline:${key128}`, { suite })]).length, 0);
  assert.equal(toCrypto({ tag: 3, suite, text: 'A'.repeat(62) }).keys, `inline:${key256}`);
});

test('what we cannot do as it says is passed over, in the order of the rest', () => {
  const keys = usableKeys([
    line(`inline:${key128}`, { suite: 'F8_128_HMAC_SHA1_80' }),
    line(`inline:${key128}`, { parameter: 'UNENCRYPTED_SRTP' }),
    line(`inline:${key128}`, { parameter: 'KDR=24' }),
    line(`inline:${key128};inline:${key128}`),
    line('inline:short'),
    line(`uri:${key128}`),
    { ...line(`inline:${key128}`, { suite: 'AES_CM_128_HMAC_SHA1_32', parameter: 'WSH=128' }), tag: 7 },
    { ...line(`inline:${key128}`), tag: 8 },
  ]);
  assert.deepEqual(
    keys.map(({ tag }) => tag),
    [7, 8],
  );
});

test('a secure line with a known key is used, one without is not', () => {
  const phone = fixture('secure-phone-offer');
  const used = usedPlainLine(readPlainDescription(phone), 'audio');
  assert.equal(used?.protocol, 'RTP/SAVP');
  assert.ok((used?.keys.length ?? 0) > 0);
  const unknown = phone.replace(/AES_CM_128_HMAC_SHA1_\d\d/g, 'AEAD_AES_512_GCM');
  assert.equal(usedPlainLine(readPlainDescription(unknown), 'audio'), undefined);
  const feedback = changed(phone, 'RTP/SAVP', 'RTP/SAVPF');
  assert.equal(usedPlainLine(readPlainDescription(feedback), 'audio')?.protocol, 'RTP/SAVPF');
});
