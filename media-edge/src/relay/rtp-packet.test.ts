import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rtpPacket } from './packets.ts';
import * as rtp from './rtp-packet.ts';

const trimmedBytes = (packet: Uint8Array): Uint8Array => {
  rtp.trim(packet);
  return packet.slice(rtp.trimmed.start, rtp.trimmed.start + rtp.trimmed.bytes);
};

test('the fields of a packet are read', () => {
  const packet = rtpPacket({
    payloadType: 111,
    sequence: 65535,
    timestamp: 0xfedcba98,
    ssrc: 0x89abcdef,
    marker: true,
  });
  assert.equal(rtp.isRtp(packet), true);
  assert.equal(rtp.payloadType(packet), 111);
  assert.equal(rtp.hasMarker(packet), true);
  assert.equal(rtp.sequence(packet), 65535);
  assert.equal(rtp.timestamp(packet), 0xfedcba98);
  assert.equal(rtp.ssrc(packet), 0x89abcdef);
});

test('setting type and marker leaves the rest alone', () => {
  const packet = rtpPacket({ payloadType: 8, marker: true });
  rtp.setPayloadType(packet, 0);
  assert.deepEqual(packet, rtpPacket({ payloadType: 0, marker: true }));
  const plain = rtpPacket({ payloadType: 8 });
  rtp.setMarker(plain);
  assert.deepEqual(plain, rtpPacket({ payloadType: 8, marker: true }));
});

test('contributors, extension and padding are taken off, and nothing else', () => {
  const bare = rtpPacket({ sequence: 7 });
  for (const parts of [
    {},
    { extensionWords: 0 },
    { extensionWords: 3 },
    { contributors: 2 },
    { padding: 5 },
    { extensionWords: 1, contributors: 15, padding: 1 },
  ]) {
    assert.deepEqual(trimmedBytes(rtpPacket({ sequence: 7, ...parts })), bare, JSON.stringify(parts));
  }
});

test('a packet whose parts do not fit is no RTP', () => {
  assert.equal(rtp.isRtp(new Uint8Array(0)), false);
  assert.equal(rtp.isRtp(rtpPacket().subarray(0, 11)), false);
  assert.equal(rtp.isRtp(Uint8Array.from(rtpPacket(), (value, index) => (index === 0 ? value & 0x3f : value))), false);
  assert.equal(rtp.isRtp(rtpPacket({ extensionWords: 9 }).subarray(0, 30)), false);
  assert.equal(rtp.isRtp(rtpPacket({ contributors: 15 }).subarray(0, 60)), false);
  const zeroPadding = rtpPacket({ padding: 4 });
  zeroPadding[zeroPadding.length - 1] = 0;
  assert.equal(rtp.isRtp(zeroPadding), false);
  const endlessPadding = rtpPacket({ padding: 4 });
  endlessPadding[endlessPadding.length - 1] = 200;
  assert.equal(rtp.isRtp(endlessPadding), false);
});

test('RTCP on the same port is told by its type', () => {
  assert.equal(rtp.isRtcp(Uint8Array.of(0x80, 200, 0, 1, 0, 0, 0, 1)), true);
  assert.equal(rtp.isRtcp(rtpPacket({ marker: true, payloadType: 111 })), false);
  assert.equal(rtp.isRtcp(Uint8Array.of(0x80, 200)), false);
});

test('whatever comes, checking and trimming stay inside the packet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      if (bytes.length > 0) bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f);
      if (!rtp.isRtp(bytes)) return true;
      rtp.trim(bytes);
      return rtp.trimmed.start + rtp.trimmed.bytes <= bytes.length && rtp.trimmed.bytes >= rtp.fixedHeaderBytes;
    }),
    { numRuns: 3000 },
  );
});

test('a packet cut at any byte is refused or still whole', () => {
  const whole = rtpPacket({ extensionWords: 2, contributors: 3, padding: 3 });
  for (let bytes = 0; bytes < whole.length; bytes += 1) {
    const part = whole.slice(0, bytes);
    if (rtp.isRtp(part)) assert.ok(rtp.headerBytes(part) <= part.length);
  }
});

test('distance between sequence numbers goes round', () => {
  assert.equal(rtp.sequenceDistance(65535, 0), 1);
  assert.equal(rtp.sequenceDistance(0, 65535), -1);
  assert.equal(rtp.sequenceDistance(10, 10), 0);
  assert.equal(rtp.sequenceDistance(0, 32767), 32767);
});
