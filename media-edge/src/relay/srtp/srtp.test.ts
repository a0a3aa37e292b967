import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SrtpKey, SrtpSuite } from '../../ports/relay.ts';
import { rtpPacket } from '../packets.ts';
import { message } from './authenticator.ts';
import { SrtpReceiver } from './srtp-receiver.ts';
import { SrtpSender } from './srtp-sender.ts';

/** The master key of RFC 3711 B.3; packets under it are known from other implementations. */
const known: SrtpKey = {
  suite: 'AES_CM_128_HMAC_SHA1_80',
  keyAndSalt: Buffer.from('e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6', 'hex'),
};
const keyOf = (suite: SrtpSuite): SrtpKey => ({ suite, keyAndSalt: Buffer.alloc(suite.includes('256') ? 46 : 30, 7) });

const sealed = (sender: SrtpSender, packet: Uint8Array): Uint8Array =>
  message.slice(0, sender.seal(packet, 0, packet.length));
const sealedReport = (sender: SrtpSender, packet: Uint8Array): Uint8Array =>
  message.slice(0, sender.sealReport(packet, packet.length));
const numbered = (sequence: number, ssrc = 0x1111): Uint8Array => rtpPacket({ sequence, ssrc });

test('a packet is encrypted and signed as others do it', () => {
  const clear = Buffer.from(`800f1234decafbadcafebabe${'ab'.repeat(16)}`, 'hex');
  const secret = '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb';
  assert.equal(Buffer.from(sealed(new SrtpSender(known), clear)).toString('hex'), secret);
  assert.deepEqual(new SrtpReceiver(known).open(Buffer.from(secret, 'hex')), clear);
});

test('so is a report', () => {
  const clear = Buffer.from(`81c8000bcafebabe${'ab'.repeat(16)}`, 'hex');
  const secret = '81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798';
  assert.equal(Buffer.from(sealedReport(new SrtpSender(known), clear)).toString('hex'), secret);
  assert.deepEqual(new SrtpReceiver(known).openReport(Buffer.from(secret, 'hex')), clear);
});

for (const [suite, tagBytes] of [
  ['AES_CM_128_HMAC_SHA1_80', 10],
  ['AES_CM_128_HMAC_SHA1_32', 4],
  ['AES_256_CM_HMAC_SHA1_80', 10],
  ['AES_256_CM_HMAC_SHA1_32', 4],
] as const) {
  describe(suite, () => {
    const key = keyOf(suite);

    test('comes back as it was, over the wrap of the numbers', () => {
      const sender = new SrtpSender(key);
      const receiver = new SrtpReceiver(key);
      for (const sequence of [65_533, 65_534, 65_535, 0, 1]) {
        const secret = sealed(sender, numbered(sequence));
        assert.equal(secret.length, 16 + tagBytes);
        assert.deepEqual(new Uint8Array(receiver.open(secret) ?? []), numbered(sequence));
      }
    });

    test('keeps header extension and contributors readable', () => {
      const packet = rtpPacket({ extensionWords: 2, contributors: 1, payload: [9, 9, 9] });
      const secret = sealed(new SrtpSender(key), packet);
      assert.deepEqual(secret.subarray(0, 28), packet.subarray(0, 28));
      assert.notDeepEqual(secret.subarray(28, 31), packet.subarray(28, 31));
      assert.deepEqual(new Uint8Array(new SrtpReceiver(key).open(secret) ?? []), packet);
    });
  });
}

describe('a receiver refuses', () => {
  const key = keyOf('AES_CM_128_HMAC_SHA1_80');

  test('what comes twice', () => {
    const secret = sealed(new SrtpSender(key), numbered(5));
    const receiver = new SrtpReceiver(key);
    assert.ok(receiver.open(secret.slice()));
    assert.equal(receiver.open(secret.slice()), undefined);
  });

  test('what was changed on its way, in any octet', () => {
    const secret = sealed(new SrtpSender(key), numbered(5));
    for (let at = 0; at < secret.length; at += 1) {
      const changed = secret.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(new SrtpReceiver(key).open(changed), undefined, `octet ${at}`);
    }
  });

  test('what is cut short, at any length', () => {
    const secret = sealed(new SrtpSender(key), numbered(5));
    for (let bytes = 0; bytes < secret.length; bytes += 1)
      assert.equal(new SrtpReceiver(key).open(secret.slice(0, bytes)), undefined);
  });

  test('another key', () => {
    const secret = sealed(new SrtpSender(key), numbered(5));
    const other = { ...key, keyAndSalt: Buffer.alloc(30, 8) };
    assert.equal(new SrtpReceiver(other).open(secret), undefined);
  });

  test('a report that comes twice', () => {
    const report = Buffer.from('80c90001000000aa', 'hex');
    const secret = sealedReport(new SrtpSender(key), report);
    const receiver = new SrtpReceiver(key);
    assert.ok(receiver.openReport(secret.slice()));
    assert.equal(receiver.openReport(secret.slice()), undefined);
  });
});

test('packets that overtake each other are taken, and each once', () => {
  const key = keyOf('AES_CM_128_HMAC_SHA1_80');
  const sender = new SrtpSender(key);
  const receiver = new SrtpReceiver(key);
  const secrets = new Map([65_535, 0, 1, 2].map((sequence) => [sequence, sealed(sender, numbered(sequence))]));
  for (const sequence of [65_535, 1, 0, 2, 0])
    receiver.open((secrets.get(sequence) ?? new Uint8Array()).slice()) ?? assert.equal(sequence, 0);
});

test('a second stream of the peer has its own count', () => {
  const key = keyOf('AES_CM_128_HMAC_SHA1_80');
  const receiver = new SrtpReceiver(key);
  for (const ssrc of [1, 2, 3, 4, 5, 6]) {
    const sender = new SrtpSender(key);
    assert.ok(receiver.open(sealed(sender, numbered(5, ssrc))), `stream ${ssrc}`);
  }
});

test('the name of the key stands before the tag where the peer gave it one', () => {
  const key = keyOf('AES_CM_128_HMAC_SHA1_80');
  const plain = sealed(new SrtpSender(key), numbered(5));
  const named = Buffer.concat([plain.subarray(0, 16), Buffer.from([0, 1]), plain.subarray(16)]);
  const receiver = new SrtpReceiver({ ...key, mki: Uint8Array.of(0, 1) });
  assert.deepEqual(new Uint8Array(receiver.open(named) ?? []), numbered(5));
  assert.equal(new SrtpReceiver({ ...key, mki: Uint8Array.of(0, 2) }).open(Buffer.from(named)), undefined);
});
