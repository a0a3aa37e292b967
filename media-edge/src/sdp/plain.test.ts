import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBrowserDescription } from './browser-offer.ts';
import { changed, fixture, inShort } from './fixtures.ts';
import { writePlainAnswer } from './plain-answer.ts';
import { nextVersion, writePlainOffer } from './plain-offer.ts';
import { readPlainDescription, usedPlainLine } from './plain-read.ts';
import { NoCommonCodec, SdpError } from './sdp-error.ts';

const browser = readBrowserDescription(fixture('chromium-av-offer')).neutral.lines[0]?.codecs ?? [];
const firefox = readBrowserDescription(fixture('firefox-audio-offer')).neutral.lines[0]?.codecs ?? [];
const stream = { address: '192.0.2.1', port: 42_100 };
const session = { id: '5', version: 1 };
const offer = writePlainOffer({ codecs: browser, direction: 'sendrecv', stream, session });

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
      '',
    ].join('\r\n'),
  );
});

test('events are offered on every clock, also for a browser that has them on one', () => {
  const line = usedPlainLine(
    readPlainDescription(writePlainOffer({ codecs: firefox, direction: 'sendrecv', stream, session })),
    'audio',
  );
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
  assert.match(writePlainOffer({ codecs: browser, direction: 'sendonly', stream, session }), /a=sendonly\r\n/);
  assert.match(writePlainOffer({ codecs: browser, direction: 'inactive', stream, session }), /a=inactive\r\n/);
});

test('lines of the session stay in their order, ended ones with their formats', () => {
  const before = readPlainDescription(fixture('desk-phone-offer')).lines;
  const again = writePlainOffer({
    codecs: browser,
    direction: 'sendrecv',
    stream,
    session,
    lines: [...before].toReversed(),
  });
  assert.match(again, /m=video 0 RTP\/AVP 99\r\nm=audio 42100 RTP\/AVP 111/);
});

test('nothing that SIP has: refused before it is offered', () => {
  const video = readBrowserDescription(fixture('chromium-av-offer')).neutral.lines[1]?.codecs ?? [];
  assert.throws(() => writePlainOffer({ codecs: video, direction: 'sendrecv', stream, session }), NoCommonCodec);
});

test('IPv6 is written as such', () => {
  const sdp = writePlainOffer({
    codecs: browser,
    direction: 'sendrecv',
    stream: { ...stream, address: '2001:db8::1' },
    session,
  });
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
  assert.equal(rtcp(changed(phone, 'a=ptime:30', 'a=rtcp:99999')), 3001);
});

test('a line that we do not speak says why', () => {
  const { lines, neutral } = readPlainDescription(fixture('secure-phone-offer'));
  assert.deepEqual(
    lines.map((line) => [line.isUsable, line.refusal]),
    [
      [false, 'RTP/SAVP is not supported, expected RTP/AVP'],
      [false, 'm=image is not supported'],
    ],
  );
  assert.deepEqual(neutral.lines, [{ kind: 'audio', direction: 'inactive', codecs: [] }]);
});

test('an address that is none is refused, unless nothing is sent there', () => {
  const phone = fixture('baresip-offer');
  assert.throws(() => readPlainDescription(changed(phone, 'c=IN IP4 192.0.2.2', 'c=IN IP4 pbx.example')), SdpError);
  assert.throws(() => readPlainDescription(changed(phone, 'c=IN IP4 192.0.2.2\r\n', '')), SdpError);
  const refused = changed(changed(phone, 'm=audio 20008', 'm=audio 0'), 'c=IN IP4 192.0.2.2\r\n', '');
  assert.equal(readPlainDescription(refused).lines[0]?.isUsable, false);
});

test('an answer: the codec of the other leg under the numbers of the phone, video refused', () => {
  const phone = readPlainDescription(fixture('desk-phone-offer'));
  const { sdp, codec, dtmf, direction } = writePlainAnswer({
    offer: phone,
    codecs: browser,
    direction: 'sendrecv',
    stream,
    session,
  });
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

test('an answer to hold is mirrored, whatever is wanted', () => {
  const held = readPlainDescription(fixture('held-phone-offer'));
  assert.equal(
    writePlainAnswer({ offer: held, codecs: browser, direction: 'sendrecv', stream, session }).direction,
    'recvonly',
  );
  assert.equal(
    writePlainAnswer({ offer: held, codecs: browser, direction: 'sendonly', stream, session }).direction,
    'inactive',
  );
});

test('without a common codec there is no answer', () => {
  const g729 = changed(fixture('desk-phone-offer'), 'RTP/AVP 18 8 0 101', 'RTP/AVP 18 101');
  assert.throws(
    () =>
      writePlainAnswer({ offer: readPlainDescription(g729), codecs: browser, direction: 'sendrecv', stream, session }),
    (error) => error instanceof NoCommonCodec && /G729/.test(error.message),
  );
  const secure = readPlainDescription(fixture('secure-phone-offer'));
  assert.throws(
    () => writePlainAnswer({ offer: secure, codecs: browser, direction: 'sendrecv', stream, session }),
    /RTP\/SAVP is not supported/,
  );
});

test('the version rises with each change and only then', () => {
  const write =
    (direction: 'sendrecv' | 'sendonly') =>
    (version: number): string =>
      writePlainOffer({ codecs: browser, direction, stream, session: { id: '5', version } });
  const first = nextVersion(undefined, write('sendrecv'));
  assert.equal(first.version, 1);
  assert.equal(nextVersion(first, write('sendrecv')), first);
  const held = nextVersion(first, write('sendonly'));
  assert.equal(held.version, 2);
  assert.match(held.sdp, /^v=0\r\no=- 5 2 /);
});
