import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBrowserDescription } from './browser-offer.ts';
import { fixture, inShort } from './fixtures.ts';
import { routerCodecs } from './router-codecs.ts';

const ofBrowser = (name: string): string[] => inShort(routerCodecs(readBrowserDescription(fixture(name)).neutral));

test('the numbers are those of the offer', () => {
  assert.deepEqual(ofBrowser('firefox-av-offer'), [
    'opus 109',
    'G722 9',
    'PCMU 0',
    'PCMA 8',
    'telephone-event 101',
    'VP8 120',
    'VP9 121',
    'AV1 99',
  ]);
});

test('a call without video is ready for it, by the numbers that this browser will use', () => {
  assert.deepEqual(ofBrowser('chromium-audio-offer').slice(6), [
    'VP8 96',
    'H264 108',
    'H264 102',
    'H264 114',
    'H264 104',
    'VP9 98',
    'AV1 45',
  ]);
  assert.deepEqual(ofBrowser('firefox-audio-offer').slice(5), ['VP8 120', 'VP9 121', 'AV1 99', 'H264 126', 'H264 97']);
  for (const browser of ['chromium', 'firefox']) {
    const later = readBrowserDescription(fixture(`${browser}-add-video-offer`)).neutral.lines[1]?.codecs ?? [];
    const ready = routerCodecs(readBrowserDescription(fixture(`${browser}-audio-offer`)).neutral);
    assert.ok(
      later.some(
        (codec) =>
          codec.mimeType === 'video/VP8' &&
          ready.some((own) => own.payloadType === codec.payloadType && own.mimeType === codec.mimeType),
      ),
    );
  }
});

test('what the media plane cannot carry is left out', () => {
  assert.ok(!ofBrowser('chromium-av-offer').some((name) => /red|ulpfec|CN/.test(name)));
});

test('an offer with nothing in it gets all there is, by the numbers of most browsers', () => {
  const codecs = routerCodecs({ lines: [] });
  assert.ok(
    codecs.some((codec) => codec.mimeType === 'audio/opus') && codecs.some((codec) => codec.mimeType === 'video/VP8'),
  );
  assert.equal(new Set(codecs.map((codec) => codec.payloadType)).size, codecs.length);
});

test('added codecs go round the numbers that are taken', () => {
  const opus = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 96, parameters: {} };
  const codecs = routerCodecs({ lines: [{ kind: 'audio', direction: 'sendrecv', codecs: [opus] }] });
  assert.equal(new Set(codecs.map((codec) => codec.payloadType)).size, codecs.length);
  assert.equal(codecs.find((codec) => codec.mimeType === 'video/VP8')?.payloadType, 97);
});
