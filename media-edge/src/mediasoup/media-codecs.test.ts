import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ortc } from 'mediasoup';
import type { Codec } from '../call/media.ts';
import { readBrowserDescription } from '../sdp/browser-offer.ts';
import { fixture } from '../sdp/fixtures.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { toCapabilities, toMediaCodecs } from './media-codecs.ts';

const made = (codecs: readonly Codec[]): ReturnType<typeof toCapabilities> =>
  toCapabilities(ortc.generateRouterRtpCapabilities(toMediaCodecs(codecs)), codecs);

for (const name of [
  'chromium-av-offer',
  'firefox-av-offer',
  'chromium-audio-offer',
  'firefox-audio-offer',
  'chromium-recvonly-offer',
]) {
  test(`the router of ${name} has all its codecs under its numbers, and a repair stream for each video codec`, () => {
    const codecs = routerCodecs(readBrowserDescription(fixture(name)).neutral);
    const { codecs: got, rtxPayloadTypes } = made(codecs);
    assert.deepEqual(got, codecs);
    const video = codecs.filter((codec) => codec.mimeType.startsWith('video/'));
    assert.ok(video.length > 0);
    assert.deepEqual([...rtxPayloadTypes.keys()].toSorted(), video.map((codec) => codec.payloadType).toSorted());
    const numbers = [...codecs.map((codec) => codec.payloadType), ...rtxPayloadTypes.values()];
    assert.equal(new Set(numbers).size, numbers.length, 'no number twice');
  });
}

test('extensions that the router only reads need no room among the ids of a browser', () => {
  const { headerExtensions } = made([]);
  assert.ok(headerExtensions.some(({ uri, id }) => uri.endsWith('sdes:mid') && id === 1));
  assert.ok(!headerExtensions.some(({ uri }) => uri.endsWith('rtp-stream-id')));
});

const vp8 = (payloadType: number): Codec => ({ mimeType: 'video/VP8', clockRate: 90_000, payloadType, parameters: {} });

test('whatever numbers an offer has, a router can be made, and the most wanted codec is in it', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 96, max: 127 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(numbers, (payloadTypes) => {
      const { codecs } = made(payloadTypes.map(vp8));
      return codecs[0]?.payloadType === payloadTypes[0];
    }),
  );
});
