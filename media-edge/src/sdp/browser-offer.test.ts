import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIceRestart, isOtherPeer, readBrowserDescription, usedLine } from './browser-offer.ts';
import { changed, fixture, inShort } from './fixtures.ts';
import { SdpError } from './sdp-error.ts';

const neutralCodecs = (name: string, index: number): string[] =>
  inShort(readBrowserDescription(fixture(name)).neutral.lines[index]?.codecs ?? []);

test('codecs of a chromium offer are listed in its order, events last, without red, rtx, ulpfec and comfort noise', () => {
  assert.deepEqual(neutralCodecs('chromium-av-offer', 0), [
    'opus 111',
    'G722 9',
    'PCMU 0',
    'PCMA 8',
    'telephone-event 110',
    'telephone-event 126',
  ]);
  assert.deepEqual(neutralCodecs('chromium-av-offer', 1), [
    'VP8 96',
    'H264 102',
    'H264 104',
    'H264 108',
    'H264 114',
    'H264 116',
    'H264 39',
    'AV1 45',
    'VP9 98',
    'VP9 100',
  ]);
});

test('codecs of a firefox offer: the odd G722/8000/1 counts as one channel', () => {
  assert.deepEqual(neutralCodecs('firefox-av-offer', 0), [
    'opus 109',
    'G722 9',
    'PCMU 0',
    'PCMA 8',
    'telephone-event 101',
  ]);
  const [audio] = readBrowserDescription(fixture('firefox-av-offer')).neutral.lines;
  assert.equal(audio?.codecs[1]?.channels, undefined);
  assert.equal(audio?.codecs[0]?.channels, 2);
});

test('parameters are read as numbers except the hexadecimal one', () => {
  const video = usedLine(readBrowserDescription(fixture('chromium-av-offer')), 'video');
  assert.deepEqual(video?.codecs[1]?.codec.parameters, {
    'level-asymmetry-allowed': 1,
    'packetization-mode': 1,
    'profile-level-id': '42001f',
  });
  assert.equal(video?.codecs[1]?.rtxPayloadType, 103);
  assert.deepEqual(video?.codecs[1]?.feedback, ['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli']);
});

test('the stream, its repair stream and its name are those of the first group', () => {
  const video = usedLine(readBrowserDescription(fixture('chromium-av-offer')), 'video');
  assert.deepEqual([video?.ssrc, video?.rtxSsrc, video?.cname], [2077782003, 1957964458, 'hUrDSrgb/Qyj8U/1']);
  const audio = usedLine(readBrowserDescription(fixture('firefox-av-offer')), 'audio');
  assert.deepEqual(
    [audio?.ssrc, audio?.rtxSsrc, audio?.cname],
    [1435447866, undefined, '{672eec3e-3bbb-4cdc-9ede-5ec9ef2a8736}'],
  );
});

test('ice, fingerprint and setup are found at the line (chromium) and at the session (firefox)', () => {
  const chromium = readBrowserDescription(fixture('chromium-audio-offer'));
  const firefox = readBrowserDescription(fixture('firefox-audio-offer'));
  for (const { ice, dtls } of [chromium, firefox]) {
    assert.match(ice.usernameFragment, /^.{4,}$/);
    assert.match(ice.password, /^.{22,}$/);
    assert.equal(dtls.setup, 'actpass');
    assert.equal(dtls.fingerprint.algorithm, 'sha-256');
    assert.match(dtls.fingerprint.value, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  }
});

test('an answer says which DTLS role the browser took', () => {
  assert.equal(readBrowserDescription(fixture('chromium-av-answer')).dtls.setup, 'active');
  assert.equal(readBrowserDescription(fixture('firefox-av-answer')).dtls.setup, 'active');
});

test('a suffix of direction does not hide an extension', () => {
  const audio = usedLine(readBrowserDescription(fixture('firefox-audio-offer')), 'audio');
  assert.ok(audio?.extensions.some(({ id, uri }) => id === 2 && uri.endsWith('csrc-audio-level')));
});

test('a data channel is no media', () => {
  for (const name of ['chromium-av-data-offer', 'firefox-av-data-offer']) {
    const description = readBrowserDescription(fixture(name));
    assert.deepEqual(
      description.lines.map((line) => [line.kind, line.isUsable]),
      [
        ['audio', true],
        ['video', true],
        ['application', false],
      ],
    );
    assert.deepEqual(
      description.neutral.lines.map((line) => line.kind),
      ['audio', 'video'],
    );
  }
});

test('directions: hold, listen only, and a stopped line', () => {
  for (const browser of ['chromium', 'firefox']) {
    assert.equal(readBrowserDescription(fixture(`${browser}-hold-offer`)).neutral.lines[0]?.direction, 'sendonly');
    assert.equal(readBrowserDescription(fixture(`${browser}-hold-answer`)).neutral.lines[0]?.direction, 'recvonly');
    assert.deepEqual(
      readBrowserDescription(fixture(`${browser}-recvonly-offer`)).neutral.lines.map((line) => line.direction),
      ['recvonly', 'recvonly'],
    );
    const stopped = readBrowserDescription(fixture(`${browser}-stop-video-offer`));
    assert.deepEqual(
      stopped.lines.map((line) => line.isUsable),
      [true, false],
    );
    assert.deepEqual(stopped.neutral.lines[1], { kind: 'video', direction: 'inactive', codecs: [] });
  }
});

test('an ICE restart is seen by its new credentials, another peer connection by its fingerprint', () => {
  for (const browser of ['chromium', 'firefox']) {
    const before = readBrowserDescription(fixture(`${browser}-stop-video-offer`));
    const restart = readBrowserDescription(fixture(`${browser}-restart-offer`));
    assert.equal(isIceRestart(before, before), false);
    assert.equal(isIceRestart(before, restart), true);
    assert.equal(isOtherPeer(before, restart), false);
    assert.equal(isOtherPeer(before, readBrowserDescription(fixture(`${browser}-av-offer`))), true);
  }
});

test('only the first line of a kind and only lines in the bundle are used', () => {
  const offer = fixture('chromium-av-offer');
  const second = offer.slice(offer.indexOf('m=video')).replace('a=mid:1', 'a=mid:2');
  const twice = changed(offer + second, 'BUNDLE 0 1', 'BUNDLE 0 1 2');
  assert.deepEqual(
    readBrowserDescription(twice).lines.map((line) => line.isUsable),
    [true, true, false],
  );
  const apart = changed(offer, 'BUNDLE 0 1', 'BUNDLE 0');
  assert.deepEqual(
    readBrowserDescription(apart).lines.map((line) => line.isUsable),
    [true, false],
  );
  const none = changed(offer, 'a=group:BUNDLE 0 1\r\n', '');
  assert.deepEqual(
    readBrowserDescription(none).lines.map((line) => line.isUsable),
    [true, false],
  );
});

test('an offer that WebRTC cannot do without something is refused by the name of it', () => {
  const offer = fixture('chromium-audio-offer');
  const cases: readonly [string, RegExp][] = [
    [changed(offer, /a=fingerprint:.*\r\n/, ''), /no a=fingerprint/],
    [changed(offer, /a=fingerprint:sha-256 .*\r\n/, 'a=fingerprint:sha-1 AA:BB\r\n'), /fingerprint by 'sha-1'/],
    [changed(offer, /a=fingerprint:sha-256 .*\r\n/, 'a=fingerprint:sha-256 AA:BB\r\n'), /not 32 octets/],
    [changed(offer, /a=fingerprint:sha-256 .*\r\n/, 'a=fingerprint:5 5\r\n'), /fingerprint by '5'/],
    [changed(offer, /a=ice-ufrag:.*\r\n/, ''), /no a=ice-ufrag/],
    [changed(offer, /a=ice-pwd:.*\r\n/, 'a=ice-pwd:short\r\n'), /no a=ice-ufrag/],
    [changed(offer, 'a=mid:0\r\n', ''), /without a=mid/],
    [changed(offer, 'a=rtcp-mux\r\n', ''), /without a=rtcp-mux/],
    [changed(offer, 'a=setup:actpass', 'a=setup:holdconn'), /a=setup:holdconn/],
    [changed(offer, 't=0 0\r\n', 't=0 0\r\na=ice-lite\r\n'), /ice-lite/],
  ];
  for (const [sdp, message] of cases) {
    assert.throws(
      () => readBrowserDescription(sdp),
      (error) => error instanceof SdpError && message.test(error.message),
    );
  }
});

test('a plain RTP offer has no line that a browser leg can use', () => {
  const offer = changed(fixture('chromium-audio-offer'), 'UDP/TLS/RTP/SAVPF', 'RTP/AVP');
  assert.deepEqual(
    readBrowserDescription(offer).lines.map((line) => line.isUsable),
    [false],
  );
});
