import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Codec, MediaLine } from '../call/media.ts';
import { readBrowserDescription, usedLine } from '../sdp/browser-offer.ts';
import { capabilitiesOf, fixture } from '../sdp/fixtures.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { NoCommonCodec } from '../sdp/sdp-error.ts';
import { chooseCodec } from './choose-codec.ts';

const offer = readBrowserDescription(fixture('chromium-av-offer'));
const audio = usedLine(offer, 'audio') ?? assert.fail();
const video = usedLine(offer, 'video') ?? assert.fail();
const router = capabilitiesOf(routerCodecs(offer.neutral));
const codec = (mimeType: string, payloadType: number, clockRate = 8000): Codec => ({
  mimeType,
  payloadType,
  clockRate,
  parameters: {},
});
const line = (kind: MediaLine['kind'], ...codecs: Codec[]): MediaLine => ({ kind, direction: 'sendrecv', codecs });

test("the far side's first codec is taken, under the browser's number", () => {
  const chosen = chooseCodec(audio, line('audio', codec('audio/G722', 99), codec('audio/PCMU', 0)), undefined, router);
  assert.deepEqual([chosen.codec.mimeType, chosen.codec.payloadType, chosen.isReceivable], ['audio/G722', 9, true]);
});

test('the codec in use stays as long as the browser has it', () => {
  const current = codec('audio/PCMA', 8);
  assert.equal(chooseCodec(audio, line('audio', codec('audio/PCMU', 0)), current, router).codec, current);
});

test("a codec that the router can send under the browser's number goes first", () => {
  const shifted = capabilitiesOf(
    routerCodecs(offer.neutral).map((own) => (own.mimeType === 'video/VP8' ? { ...own, payloadType: 55 } : own)),
  );
  const wanted = line('video', codec('video/VP8', 96, 90_000), codec('video/AV1', 45, 90_000));
  assert.equal(chooseCodec(video, wanted, undefined, shifted).codec.mimeType, 'video/AV1');
  const only = chooseCodec(video, line('video', codec('video/VP8', 96, 90_000)), undefined, shifted);
  assert.deepEqual([only.codec.payloadType, only.isReceivable], [96, false]);
});

test('without a common codec there is an error that names both sides', () => {
  assert.throws(() => chooseCodec(audio, line('audio', codec('audio/GSM', 3)), undefined, router), NoCommonCodec);
});
