import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Codec, Direction } from '../call/media.ts';
import { readBrowserDescription } from './browser-offer.ts';
import { changed, fixture, inShort } from './fixtures.ts';
import { agreeOn, writePlainAnswer } from './plain-answer.ts';
import type { PlainStream } from './plain-line.ts';
import { nextVersion, picturesForSip, soundForSip, writePlainOffer } from './plain-offer.ts';
import { readPlainDescription, usedPlainLine } from './plain-read.ts';
import { NoCommonCodec, SdpError } from './sdp-error.ts';

const browser = readBrowserDescription(fixture('chromium-av-offer')).neutral.lines[0]?.codecs ?? [];
const browserVideo = readBrowserDescription(fixture('chromium-av-offer')).neutral.lines[1]?.codecs ?? [];
const firefox = readBrowserDescription(fixture('firefox-audio-offer')).neutral.lines[0]?.codecs ?? [];
const session = { id: '5', version: 1 };
const owner = { address: '192.0.2.1', session };
const sound = (codecs: readonly Codec[], direction: Direction = 'sendrecv'): PlainStream => ({
  kind: 'audio',
  port: 42_100,
  protocol: 'RTP/AVP',
  direction,
  codecs,
  keys: [],
  isRtcpMux: true,
});
const offerOf = (codecs: readonly Codec[], direction?: Direction): string =>
  writePlainOffer({ streams: [sound(soundForSip(codecs), direction)], ...owner });
const offer = offerOf(browser);
const picture: PlainStream = { ...sound(picturesForSip(browserVideo)), kind: 'video', port: 42_102 };

test('an offer to a phone, whole', () => {
  assert.equal(
    offer,
    [
      'v=0',
      'o=- 5 1 IN IP4 192.0.2.1',
      's=-',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 42100 RTP/AVP 111 9 0 8 110 126',
      'a=rtpmap:111 opus/48000/2',
      'a=rtpmap:9 G722/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:110 telephone-event/48000',
      'a=rtpmap:126 telephone-event/8000',
      'a=fmtp:111 minptime=10;useinbandfec=1',
      'a=fmtp:110 0-15',
      'a=fmtp:126 0-15',
      'a=rtcp:42101',
      'a=ptime:20',
      'a=sendrecv',
      'a=rtcp-mux',
      '',
    ].join('\r\n'),
  );
});

test('events are offered on every clock, also for a browser that has them on one', () => {
  const line = usedPlainLine(readPlainDescription(offerOf(firefox)), 'audio');
  assert.deepEqual(inShort(line?.media.codecs ?? []), [
    'opus 109',
    'G722 9',
    'PCMU 0',
    'PCMA 8',
    'telephone-event 100',
    'telephone-event 101',
  ]);
});

test('hold is a direction', () => {
  assert.match(offerOf(browser, 'sendonly'), /a=sendonly\r\n/);
  assert.match(offerOf(browser, 'inactive'), /a=inactive\r\n/);
});

test('lines of the session stay in their order, ended ones with their formats', () => {
  const before = readPlainDescription(fixture('desk-phone-offer')).lines;
  const again = writePlainOffer({ streams: [sound(browser)], ...owner, lines: [...before].toReversed() });
  assert.match(again, /m=video 0 RTP\/AVP 99\r\nm=audio 42100 RTP\/AVP 111/);
});

test('a picture has a line of its own, with what may be asked of it and what it may take', () => {
  const sdp = writePlainOffer({ streams: [sound(browser), { ...picture, maxBitrateBps: 1_500_000 }], ...owner });
  const line = usedPlainLine(readPlainDescription(sdp), 'video');
  assert.match(sdp, /m=video 42102 RTP\/AVP /);
  assert.match(sdp, /b=AS:1500\r\nb=TIAS:1500000\r\n/);
  assert.deepEqual(line?.feedback, ['nack', 'nack pli', 'ccm fir']);
  assert.deepEqual([...new Set(line?.media.codecs.map(({ mimeType }) => mimeType))].toSorted(), [
    'video/H264',
    'video/VP8',
  ]);
});

test('the packetization modes of H.264 stay apart', () => {
  const line = usedPlainLine(readPlainDescription(writePlainOffer({ streams: [picture], ...owner })), 'video');
  const only = (mode: number): readonly Codec[] =>
    line?.media.codecs.filter(
      ({ mimeType, parameters }) => mimeType === 'video/H264' && (parameters['packetization-mode'] ?? 0) === mode,
    ) ?? [];
  assert.ok(line !== undefined && only(0).length > 0 && only(1).length > 0);
  assert.equal(agreeOn(line, only(0).slice(0, 1), 'sendrecv').codec.parameters['packetization-mode'], 0);
  assert.throws(
    () => agreeOn({ ...line, media: { ...line.media, codecs: only(0) } }, only(1), 'sendrecv'),
    NoCommonCodec,
  );
});

test('nothing that SIP has: refused before it is offered', () => {
  assert.throws(() => soundForSip(browserVideo), NoCommonCodec);
});

test('IPv6 is written as such', () => {
  const sdp = writePlainOffer({ streams: [sound(browser)], address: '2001:db8::1', session });
  assert.match(sdp, /c=IN IP6 2001:db8::1\r\n/);
  assert.equal(usedPlainLine(readPlainDescription(sdp), 'audio')?.remote.address, '2001:db8::1');
});

test('baresip: dynamic numbers, one-channel forms and the rtcp port', () => {
  const line = usedPlainLine(readPlainDescription(fixture('baresip-offer')), 'audio');
  assert.deepEqual(inShort(line?.media.codecs ?? []), ['opus 96', 'G722 9', 'PCMU 0', 'PCMA 8', 'telephone-event 101']);
  assert.deepEqual(line?.remote, { address: '192.0.2.2', port: 20_008, rtcpPort: 20_009 });
  assert.equal(line?.media.maxBitrateBps, 125_000);
  assert.equal(line?.packetTimeMs, 20);
});

test('a desk phone: static numbers without a=rtpmap, no rtcp line, video beside', () => {
  const { lines, neutral, session: theirs } = readPlainDescription(fixture('desk-phone-offer'));
  assert.deepEqual(inShort(neutral.lines[0]?.codecs ?? []), ['G729 18', 'PCMA 8', 'PCMU 0', 'telephone-event 101']);
  assert.equal(lines[0]?.remote.rtcpPort, 3001);
  assert.equal(neutral.lines[1]?.kind, 'video');
  assert.equal(neutral.lines[1]?.maxBitrateBps, 512_000);
  assert.deepEqual(theirs, { id: '0', version: 1 });
});

test('hold, the new way and the old way', () => {
  const held = (text: string): unknown => {
    const line = usedPlainLine(readPlainDescription(text), 'audio');
    return [line?.isHeld, line?.media.direction];
  };
  const phone = fixture('baresip-offer');
  assert.deepEqual(held(phone), [false, 'sendrecv']);
  assert.deepEqual(held(changed(phone, 'a=sendrecv', 'a=sendonly')), [true, 'sendonly']);
  assert.deepEqual(held(changed(phone, 'a=sendrecv', 'a=inactive')), [true, 'inactive']);
  assert.deepEqual(held(changed(phone, 'a=sendrecv', 'a=recvonly')), [false, 'recvonly']);
  assert.deepEqual(held(fixture('held-phone-offer')), [true, 'sendonly']);
  assert.deepEqual(
    held(changed(phone, 't=0 0', 't=0 0\r\na=sendonly').replace('a=sendrecv\r\n', '')),
    [true, 'sendonly'],
    'at the session',
  );
});

test('RTP and RTCP on one port, or on ports of their own', () => {
  const rtcp = (text: string): unknown => usedPlainLine(readPlainDescription(text), 'audio')?.remote.rtcpPort;
  const phone = fixture('desk-phone-offer');
  assert.equal(rtcp(changed(phone, 'a=ptime:30', 'a=rtcp:4711')), 4711);
  assert.equal(rtcp(changed(phone, 'a=ptime:30', 'a=rtcp-mux')), 3000);
  assert.equal(rtcp(changed(phone, 'a=ptime:30', 'a=rtcp:4711\r\na=rtcp-mux')), 3000);
  assert.equal(rtcp(changed(phone, 'a=ptime:30', 'a=rtcp:99999')), 3001);
});

test('a line that we do not speak says why', () => {
  const keyless = fixture('secure-phone-offer').replace(/^a=crypto:.*\r\n/gm, '');
  const { lines, neutral } = readPlainDescription(keyless);
  assert.deepEqual(
    lines.map((line) => [line.isUsable, line.refusal]),
    [
      [false, 'RTP/SAVP comes without a key that is known'],
      [false, 'm=image is not supported'],
    ],
  );
  assert.deepEqual(neutral.lines, [{ kind: 'audio', direction: 'inactive', codecs: [] }]);
  const dtls = changed(keyless, 'RTP/SAVP', 'UDP/TLS/RTP/SAVP');
  assert.match(readPlainDescription(dtls).lines[0]?.refusal ?? '', /encryption by DTLS without ICE/);
});

test('an address that is none is refused, unless nothing is sent there', () => {
  const phone = fixture('baresip-offer');
  assert.throws(() => readPlainDescription(changed(phone, 'c=IN IP4 192.0.2.2', 'c=IN IP4 pbx.example')), SdpError);
  assert.throws(() => readPlainDescription(changed(phone, 'c=IN IP4 192.0.2.2\r\n', '')), SdpError);
  const refused = changed(changed(phone, 'm=audio 20008', 'm=audio 0'), 'c=IN IP4 192.0.2.2\r\n', '');
  assert.equal(readPlainDescription(refused).lines[0]?.isUsable, false);
});

/** Answers the sound of an offer as a call with a browser does. */
function answerTo(text: string, wanted: Direction = 'sendrecv') {
  const phone = readPlainDescription(text);
  const line = usedPlainLine(phone, 'audio');
  assert.ok(line);
  const agreement = agreeOn(line, browser, wanted);
  const { codec, dtmf, direction } = agreement;
  const stream = {
    ...sound([codec, dtmf ?? []].flat(), direction),
    protocol: line.protocol,
    isRtcpMux: line.isRtcpMux,
  };
  return { ...agreement, sdp: writePlainAnswer({ offer: phone, streams: [stream], ...owner }) };
}

test('an answer: the codec of the other leg under the numbers of the phone, video refused', () => {
  const { sdp, codec, dtmf, direction } = answerTo(fixture('desk-phone-offer'));
  assert.deepEqual([codec.payloadType, dtmf?.payloadType, direction], [0, 101, 'sendrecv']);
  const { lines } = readPlainDescription(sdp);
  assert.deepEqual(
    lines.map((line) => [line.kind, line.isUsable, line.formats.join(' ')]),
    [
      ['audio', true, '0 101'],
      ['video', false, '99'],
    ],
  );
});

test('an answer takes one port for RTP and RTCP where the phone wants that, and only there', () => {
  const phone = fixture('desk-phone-offer');
  assert.match(answerTo(phone).sdp, /a=rtcp:42101\r\n/);
  assert.doesNotMatch(answerTo(phone).sdp, /a=rtcp-mux/);
  const muxed = answerTo(changed(phone, 'a=ptime:30', 'a=rtcp-mux')).sdp;
  assert.match(muxed, /a=rtcp-mux\r\n/);
  assert.doesNotMatch(muxed, /a=rtcp:/);
});

test('an answer to hold is mirrored, whatever is wanted', () => {
  assert.equal(answerTo(fixture('held-phone-offer')).direction, 'recvonly');
  assert.equal(answerTo(fixture('held-phone-offer'), 'sendonly').direction, 'inactive');
});

test('without a common codec there is no answer', () => {
  const g729 = changed(fixture('desk-phone-offer'), 'RTP/AVP 18 8 0 101', 'RTP/AVP 18 101');
  assert.throws(
    () => answerTo(g729),
    (error) => error instanceof NoCommonCodec && /G729/.test(error.message),
  );
});

test('the version rises with each change and only then', () => {
  const write =
    (direction: 'sendrecv' | 'sendonly') =>
    (version: number): string =>
      writePlainOffer({ streams: [sound(browser, direction)], ...owner, session: { id: '5', version } });
  const first = nextVersion(undefined, write('sendrecv'));
  assert.equal(first.version, 1);
  assert.equal(nextVersion(first, write('sendrecv')), first);
  const held = nextVersion(first, write('sendonly'));
  assert.equal(held.version, 2);
  assert.match(held.sdp, /^v=0\r\no=- 5 2 /);
});
