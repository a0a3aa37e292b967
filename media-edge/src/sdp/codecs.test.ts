import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Codec } from '../call/media.ts';
import { dtmfFor, inOwnTerms, isForSip, isSameCodec, lineOf, offerOnly, pickCodec } from './codecs.ts';
import { inShort } from './fixtures.ts';
import { NoCommonCodec } from './sdp-error.ts';

const audio = (name: string, payloadType: number, clockRate = 8000): Codec => ({
  mimeType: `audio/${name}`,
  clockRate,
  payloadType,
  parameters: {},
  ...(name === 'opus' ? { channels: 2 } : {}),
});
const video = (name: string, payloadType: number, parameters: Codec['parameters'] = {}): Codec => ({
  mimeType: `video/${name}`,
  clockRate: 90_000,
  payloadType,
  parameters,
});
const h264 = (payloadType: number, id: string, mode: number, asymmetry = 1): Codec =>
  video('H264', payloadType, {
    'profile-level-id': id,
    'packetization-mode': mode,
    'level-asymmetry-allowed': asymmetry,
  });

const chromium = [
  audio('opus', 111, 48_000),
  audio('G722', 9),
  audio('PCMU', 0),
  audio('telephone-event', 110, 48_000),
  audio('telephone-event', 126),
];
const phone = [audio('PCMU', 0), audio('opus', 96, 48_000), audio('telephone-event', 101)];

test('what both have, in the order of the other side, under the own numbers', () => {
  assert.deepEqual(inShort(inOwnTerms(chromium, phone)), ['PCMU 0', 'opus 111', 'telephone-event 126']);
  assert.deepEqual(inShort(inOwnTerms(phone, chromium)), ['opus 96', 'PCMU 0', 'telephone-event 101']);
});

test('the parameters are those of the side that receives', () => {
  const theirs = { ...audio('opus', 96, 48_000), parameters: { stereo: 1, maxaveragebitrate: 20_000 } };
  assert.deepEqual(inOwnTerms(chromium, [theirs])[0]?.parameters, { stereo: 1, maxaveragebitrate: 20_000 });
});

test('the first codec of the other side is picked, events are no codec', () => {
  assert.equal(pickCodec(chromium, phone).mimeType, 'audio/PCMU');
  assert.throws(
    () => pickCodec(chromium, [audio('G729', 18), audio('telephone-event', 126)]),
    (error) => error instanceof NoCommonCodec && error.code === 488 && /G729\/8000/.test(error.message),
  );
});

test('events on the clock of the codec, else those of 8000 Hz, else none', () => {
  const [opus, g722] = chromium;
  assert.ok(opus && g722);
  assert.equal(dtmfFor(opus, chromium)?.payloadType, 110);
  assert.equal(dtmfFor(g722, chromium)?.payloadType, 126);
  assert.equal(dtmfFor(opus, [audio('telephone-event', 101)])?.payloadType, 101);
  assert.equal(dtmfFor(g722, [audio('telephone-event', 110, 48_000)]), undefined);
});

test('channels and clock tell codecs apart, letter case does not', () => {
  assert.equal(isSameCodec(audio('L16', 96), { ...audio('L16', 97), channels: 2 }), false);
  assert.equal(isSameCodec(audio('opus', 96, 48_000), audio('opus', 96, 16_000)), false);
  assert.equal(isSameCodec(audio('pcmu', 0), audio('PCMU', 0)), true);
});

test('H.264: profile and packetization mode have to be the same, the level does not', () => {
  assert.equal(isSameCodec(h264(102, '42e01f', 1), h264(96, '42e034', 1)), true);
  assert.equal(isSameCodec(h264(102, '42e01f', 1), h264(96, '42c00d', 1)), true, 'both are constrained baseline');
  assert.equal(isSameCodec(h264(102, '42e01f', 1), h264(96, '42e01f', 0)), false);
  assert.equal(isSameCodec(h264(102, '42e01f', 1), h264(96, '42001f', 1)), false, 'baseline is not constrained');
  assert.equal(isSameCodec(h264(102, '4d001f', 1), h264(96, '64001f', 1)), false);
  assert.equal(isSameCodec(h264(102, '640c1f', 1), h264(96, '64001f', 1)), false);
  assert.equal(isSameCodec(h264(102, 'nonsense', 1), h264(96, 'nonsense', 1)), false);
  assert.equal(isSameCodec(video('H264', 96), h264(97, '42e01f', 0)), true, 'what is left out has its default');
});

test('H.264 levels: each its own where both allow it, else the lower one', () => {
  const level = (one: Codec, other: Codec): unknown => inOwnTerms([one], [other])[0]?.parameters['profile-level-id'];
  assert.equal(level(h264(102, '42e01f', 1), h264(96, '42e034', 1)), '42e034');
  assert.equal(level(h264(102, '42e01f', 1, 0), h264(96, '42e034', 1)), '42e01f');
  assert.equal(level(h264(102, '42e034', 1, 0), h264(96, '42e01f', 1)), '42e01f');
});

test('VP9 and AV1 go by their profile', () => {
  assert.equal(isSameCodec(video('VP9', 98), video('VP9', 121, { 'profile-id': 0 })), true);
  assert.equal(isSameCodec(video('VP9', 98, { 'profile-id': 2 }), video('VP9', 121)), false);
  assert.equal(isSameCodec(video('AV1', 45, { profile: 1 }), video('AV1', 99)), false);
});

test('an offer reduced to what SIP has keeps its lines', () => {
  const offer = {
    lines: [
      { kind: 'audio' as const, direction: 'sendrecv' as const, codecs: chromium },
      { kind: 'video' as const, direction: 'sendrecv' as const, codecs: [video('VP9', 96)] },
    ],
  };
  const reduced = offerOnly(offer, isForSip);
  assert.equal(lineOf(reduced, 'audio')?.codecs.length, 5);
  assert.deepEqual(reduced.lines[1], { kind: 'video', direction: 'inactive', codecs: [] });
  assert.equal(lineOf(reduced, 'video'), undefined);
});
