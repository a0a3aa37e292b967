import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Direction } from '../call/media.ts';
import { type AcceptedLine, writeBrowserAnswer } from './browser-answer.ts';
import { type BrowserDescription, readBrowserDescription } from './browser-offer.ts';
import { parseDescription } from './description.ts';
import { mirrored } from './directions.ts';
import { capabilitiesOf, consumedAudio, consumedVideo, fixture, localTransport } from './fixtures.ts';
import type { Negotiated } from './negotiated.ts';
import { routerCodecs } from './router-codecs.ts';
import { fitsRouter, isReceivable, toSendParameters } from './rtp-parameters.ts';
import type { Description } from './section.ts';

interface Wishes {
  readonly kinds?: readonly string[];
  readonly codec?: string;
  readonly direction?: Direction;
  readonly before?: Negotiated;
}

/** Answers with the first codec of each line, or the one named. */
function answered(
  offer: BrowserDescription,
  wishes: Wishes = {},
): { sdp: string; negotiated: Negotiated; read: Description } {
  const capabilities = capabilitiesOf(routerCodecs(offer.neutral));
  const accepted = offer.lines
    .filter((line) => line.isUsable && (wishes.kinds ?? ['audio', 'video']).includes(line.kind))
    .map((line): AcceptedLine => {
      const codec = line.codecs.find((item) => item.codec.mimeType === wishes.codec) ?? line.codecs[0];
      assert.ok(codec);
      return {
        parameters: toSendParameters(line, codec.codec, capabilities),
        direction: wishes.direction ?? mirrored(line.direction),
        consumed: line.kind === 'audio' ? consumedAudio : consumedVideo,
      };
    });
  const written = writeBrowserAnswer({
    offer,
    accepted,
    transport: localTransport,
    session: { id: '77', version: 3 },
    before: wishes.before,
  });
  return { ...written, read: parseDescription(written.sdp) };
}

const offerOf = (name: string): BrowserDescription => readBrowserDescription(fixture(name));

test('an answer to chromium has its lines and mids, one codec each with events and repair, and our transport', () => {
  const { sdp, read } = answered(offerOf('chromium-av-offer'));
  assert.equal(read.isIceLite, true);
  assert.deepEqual(read.bundles, [['0', '1']]);
  assert.deepEqual(
    read.sections.map((section) => [section.kind, section.mid, section.formats.join(' '), section.direction]),
    [
      ['audio', '0', '111 110', 'sendrecv'],
      ['video', '1', '96 97', 'sendrecv'],
    ],
  );
  for (const section of read.sections) {
    assert.equal(section.setup, 'passive');
    assert.equal(section.port, 42_000);
    assert.equal(section.ice?.usernameFragment, 'ourufrag');
    assert.ok(section.isRtcpMux && section.isRtcpReducedSize);
  }
  assert.match(sdp, /^v=0\r\no=- 77 3 IN IP4 0\.0\.0\.0\r\n/);
  assert.match(sdp, /a=candidate:udpcandidate 1 udp 1076302079 192\.0\.2\.1 42000 typ host\r\n/);
  assert.match(sdp, /a=candidate:tcpcandidate 1 tcp 1076276479 192\.0\.2\.1 42000 typ host tcptype passive\r\n/);
  assert.match(sdp, /a=fmtp:97 apt=96\r\n/);
  assert.match(sdp, /a=fmtp:110 0-15\r\n/);
});

test('the browser is told which stream comes on which line', () => {
  const { sdp } = answered(offerOf('firefox-av-offer'));
  assert.match(sdp, /a=ssrc:1001 cname:far\r\n/);
  assert.match(sdp, /a=ssrc-group:FID 2001 2002\r\n/);
  assert.match(sdp, /a=msid:77 c-audio\r\n/);
  assert.match(sdp, /a=msid:77 c-video\r\n/);
});

test('an extension is agreed on only where its id cannot be misread', () => {
  const { read } = answered(offerOf('chromium-av-offer'));
  assert.deepEqual(
    read.sections[0]?.extensions.map(({ id }) => id),
    [3],
    'chromium calls the audio level 1, the router its mid',
  );
  assert.deepEqual(
    read.sections[1]?.extensions.map(({ id }) => id).toSorted((one, other) => one - other),
    [2, 3, 13],
  );
  const firefox = answered(offerOf('firefox-av-offer')).read;
  assert.deepEqual(
    firefox.sections[1]?.extensions.map(({ id, uri }) => [id, uri.slice(uri.lastIndexOf('/') + 1)]),
    [
      [3, 'urn:ietf:params:rtp-hdrext:sdes:mid'],
      [4, 'abs-send-time'],
      [7, 'draft-holmer-rmcat-transport-wide-cc-extensions-01'],
    ],
  );
});

test('feedback: what we understand, and transport-wide only with its extension', () => {
  const { read } = answered(offerOf('chromium-av-offer'));
  assert.deepEqual(read.sections[0]?.feedback, [{ payloadType: 111, value: 'transport-cc' }]);
  assert.deepEqual(
    read.sections[1]?.feedback.map(({ payloadType, value }) => `${payloadType} ${value}`),
    ['96 goog-remb', '96 transport-cc', '96 ccm fir', '96 nack', '96 nack pli'],
  );
});

test('sound alone carries nothing for estimates, also where the video beside it is refused', () => {
  const alone = answered(offerOf('chromium-audio-offer')).read.sections[0];
  assert.deepEqual([alone?.extensions, alone?.feedback], [[], []]);
  const offer = offerOf('chromium-av-offer');
  const [line] = offer.lines;
  const opus = line?.codecs[0]?.codec;
  assert.ok(line && opus);
  const capabilities = capabilitiesOf(routerCodecs(offer.neutral));
  assert.deepEqual(toSendParameters(line, opus, capabilities, false).headerExtensions, []);
});

test('a chosen codec stands alone, with the events of its clock', () => {
  assert.deepEqual(answered(offerOf('chromium-av-offer'), { codec: 'audio/PCMU' }).read.sections[0]?.formats, [
    '0',
    '126',
  ]);
  assert.deepEqual(answered(offerOf('chromium-av-offer'), { codec: 'video/H264' }).read.sections[1]?.formats, [
    '102',
    '103',
  ]);
  assert.deepEqual(
    answered(offerOf('firefox-av-offer')).read.sections[0]?.formats,
    ['109', '101'],
    'firefox has events of 8000 Hz only',
  );
});

test('what is not taken is refused in its place, outside the bundle', () => {
  const { read, sdp } = answered(offerOf('chromium-av-data-offer'), { kinds: ['audio'] });
  assert.deepEqual(read.bundles, [['0']]);
  assert.deepEqual(
    read.sections.map((section) => [section.kind, section.port]),
    [
      ['audio', 42_000],
      ['video', 0],
      ['application', 0],
    ],
  );
  assert.match(sdp, /m=application 0 UDP\/DTLS\/SCTP webrtc-datachannel\r\n/);
});

test('if the first line is refused, the transport stands at the next one', () => {
  const { read, sdp } = answered(offerOf('chromium-av-offer'), { kinds: ['video'] });
  assert.deepEqual(read.bundles, [['1']]);
  assert.ok(sdp.indexOf('a=candidate') > sdp.indexOf('m=video'));
});

test('nothing taken: all lines refused, no bundle', () => {
  const { read } = answered(offerOf('chromium-av-offer'), { kinds: [] });
  assert.deepEqual(read.bundles, []);
  assert.ok(read.sections.every((section) => section.port === 0));
});

test('directions: as told, and no more than offered', () => {
  const first = (name: string, direction?: Direction): Direction | undefined =>
    answered(offerOf(name), { direction }).read.sections[0]?.direction;
  assert.equal(first('chromium-audio-offer', 'sendonly'), 'sendonly');
  assert.equal(first('chromium-hold-offer'), 'recvonly');
  assert.equal(first('chromium-hold-offer', 'sendrecv'), 'recvonly');
  assert.equal(first('chromium-recvonly-offer', 'sendrecv'), 'sendonly');
  assert.equal(first('firefox-hold-offer', 'sendonly'), 'inactive');
});

test('in mid-call: lines come and go, roles stay', () => {
  const first = answered(offerOf('chromium-audio-offer'));
  assert.equal(first.negotiated.browserRole, 'client');
  const added = answered(offerOf('chromium-add-video-offer'), { before: first.negotiated });
  assert.deepEqual(added.read.bundles, [['0', '1']]);
  const stopped = answered(offerOf('chromium-stop-video-offer'), { before: added.negotiated });
  assert.deepEqual(
    stopped.read.sections.map((section) => section.port),
    [42_000, 0],
  );
  assert.deepEqual(
    stopped.negotiated.lines.map((line) => line.isRefused),
    [false, true],
  );
  const server: Negotiated = { ...first.negotiated, browserRole: 'server' };
  assert.equal(answered(offerOf('chromium-restart-offer'), { before: server }).read.sections[0]?.setup, 'active');
});

test('the parameters for the media plane are those of the line', () => {
  const offer = offerOf('chromium-av-offer');
  const [audio, video] = offer.lines;
  assert.ok(audio && video);
  const capabilities = capabilitiesOf(routerCodecs(offer.neutral));
  const opus = audio.codecs[0]?.codec;
  assert.ok(opus);
  const { dtmf, ssrc, cname, mid, rtxPayloadType } = toSendParameters(audio, opus, capabilities);
  assert.deepEqual(
    [dtmf?.payloadType, ssrc, cname, mid, rtxPayloadType],
    [110, 3710546645, 'hUrDSrgb/Qyj8U/1', '0', undefined],
  );
  assert.throws(() => toSendParameters(audio, { ...opus, payloadType: 77 }, capabilities), /no payload type 77/);
});

test('a router of other numbers is noticed', () => {
  const [chromium, firefox] = [offerOf('chromium-av-offer'), offerOf('firefox-av-offer')];
  const capabilities = capabilitiesOf(routerCodecs(chromium.neutral));
  assert.equal(fitsRouter(chromium, capabilities), true);
  assert.equal(fitsRouter(firefox, capabilities), false);
  const [opus, g722] = firefox.neutral.lines[0]?.codecs ?? [];
  assert.ok(opus && g722);
  assert.equal(isReceivable(opus, capabilities), false);
  assert.equal(isReceivable(g722, capabilities), true);
});
