import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MediaKind } from '../call/media.ts';
import { writeBrowserAnswer } from './browser-answer.ts';
import { readBrowserDescription } from './browser-offer.ts';
import { acceptBrowserAnswer, type BrowserOffer, type PendingOffer, writeBrowserOffer } from './browser-write-offer.ts';
import { parseDescription } from './description.ts';
import { capabilitiesOf, changed, consumedVideo, fixture, inShort, localTransport } from './fixtures.ts';
import type { Negotiated } from './negotiated.ts';
import { routerCodecs } from './router-codecs.ts';
import { toSendParameters } from './rtp-parameters.ts';
import type { Description } from './section.ts';

const router = capabilitiesOf(routerCodecs({ lines: [] }));

function offered(
  kinds: readonly MediaKind[],
  rest: Partial<BrowserOffer> = {},
): { sdp: string; read: Description; pending: PendingOffer } {
  const written = writeBrowserOffer({
    capabilities: router,
    lines: kinds.map((kind) => ({ kind, direction: 'sendrecv' })),
    transport: localTransport,
    session: { id: '9', version: 1 },
    ...rest,
  });
  return { ...written, read: parseDescription(written.sdp) };
}

test('an offer has the codecs and extensions of the router under its numbers', () => {
  const { read, sdp } = offered(['audio', 'video']);
  assert.deepEqual(read.bundles, [['1a', '1b']]);
  assert.deepEqual(read.sections[0]?.formats, ['111', '9', '0', '8', '110', '126']);
  assert.deepEqual(read.sections[1]?.formats.slice(0, 4), ['96', '50', '108', '51']);
  assert.deepEqual(
    read.sections[0]?.extensions.map(({ id }) => id),
    [1, 5],
  );
  assert.deepEqual(
    read.sections[1]?.extensions.map(({ id }) => id),
    [1, 4, 5, 8],
  );
  assert.ok(read.sections.every((section) => section.setup === 'actpass' && section.isRtcpMux));
  assert.match(sdp, /a=rtcp-fb:96 transport-cc\r\n/);
  assert.doesNotMatch(sdp, /a=ssrc:/);
});

test('only what the far side has is offered, in its order', () => {
  const codecs = routerCodecs({ lines: [] })
    .filter((codec) => /PCMA|opus/.test(codec.mimeType))
    .toReversed();
  const { read } = offered([], { lines: [{ kind: 'audio', direction: 'sendonly', codecs }] });
  assert.deepEqual(read.sections[0]?.formats, ['8', '111', '126', '110']);
  assert.equal(read.sections[0]?.direction, 'sendonly');
  assert.throws(() => offered([], { lines: [{ kind: 'video', direction: 'sendrecv', codecs: [] }] }), /no video codec/);
});

/** The answer of a browser to this offer: its lines, all taken. */
function browserAnswer(sdp: string): string {
  const base = changed(fixture('chromium-audio-offer'), /m=audio[\s\S]*$/, '');
  const ice = 'a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:active\r\n';
  const fingerprint = `a=fingerprint:sha-256 ${localTransport.fingerprint.value}\r\n`;
  const lines = sdp.slice(sdp.indexOf('m=')).replace(/a=(candidate|end-of|ice-|fingerprint|setup).*\r\n/g, '');
  return base.replace(/a=group.*\r\n/, `${/a=group.*\r\n/.exec(sdp)?.[0] ?? ''}${ice}${fingerprint}`) + lines;
}

const accepted = (pending: PendingOffer, sdp: string): Negotiated =>
  acceptBrowserAnswer(pending, readBrowserDescription(sdp));

test('the answer of a browser is joined with the offer', () => {
  const { sdp, pending } = offered(['audio', 'video']);
  const negotiated = accepted(pending, browserAnswer(sdp));
  assert.equal(negotiated.browserRole, 'client');
  assert.deepEqual(
    negotiated.lines.map((line) => [line.kind, line.mid, line.isRefused]),
    [
      ['audio', '1a', false],
      ['video', '1b', false],
    ],
  );
});

test('an answer that does not fit is refused by what is wrong', () => {
  const { sdp, pending } = offered(['audio', 'video']);
  const answer = browserAnswer(sdp);
  const cases: readonly [string, RegExp][] = [
    [changed(answer, /m=video[\s\S]*$/, ''), /answers 2 m= lines with 1/],
    [answer.replace(/1a/g, '9'), /m=audio '1a' with m=audio '9'/],
    [changed(answer, 'a=setup:active', 'a=setup:actpass'), /actpass/],
    [changed(changed(answer, 'SAVPF 111', 'SAVPF 120'), 'rtpmap:111', 'rtpmap:120'), /payload type 120/],
  ];
  for (const [text, message] of cases) assert.throws(() => accepted(pending, text), message);
});

test('a refused line stays in its place and is used again under a new mid', () => {
  const first = offered(['audio', 'video']);
  const answer = browserAnswer(first.sdp);
  const without = changed(changed(answer, /m=video \d+/, 'm=video 0'), 'BUNDLE 1a 1b', 'BUNDLE 1a');
  const before = accepted(first.pending, without);
  assert.deepEqual(
    before.lines.map((line) => line.isRefused),
    [false, true],
  );
  const held = offered(['audio'], { before, session: { id: '9', version: 2 } });
  assert.deepEqual(
    held.read.sections.map((section) => [section.mid, section.port]),
    [
      ['1a', 42_000],
      ['1b', 0],
    ],
  );
  const again = offered(['audio', 'video'], { before, session: { id: '9', version: 3 } });
  assert.deepEqual(
    again.read.sections.map((section) => [section.mid, section.kind]),
    [
      ['1a', 'audio'],
      ['3b', 'video'],
    ],
  );
});

test('a line that is no longer wanted ends with port 0', () => {
  const first = offered(['audio', 'video']);
  const before = accepted(first.pending, browserAnswer(first.sdp));
  const { read } = offered(['audio'], { before, session: { id: '9', version: 2 } });
  assert.deepEqual(read.bundles, [['1a']]);
  assert.equal(read.sections[1]?.port, 0);
});

/** A browser has offered sound, we have answered; now we offer. */
function afterItsOffer(name: string): { negotiated: Negotiated; capabilities: BrowserOffer['capabilities'] } {
  const offer = readBrowserDescription(fixture(name));
  const capabilities = capabilitiesOf(routerCodecs(offer.neutral));
  const [line] = offer.lines;
  const codec = line?.codecs[0]?.codec;
  assert.ok(line && codec);
  const parameters = toSendParameters(line, codec, capabilities);
  const { negotiated } = writeBrowserAnswer({
    offer,
    accepted: [{ parameters, direction: 'sendrecv' }],
    transport: localTransport,
    session: { id: '9', version: 1 },
  });
  return { negotiated, capabilities };
}

test('after an offer of the browser its mids and payload types stay, new ones do not collide', () => {
  for (const browser of ['chromium', 'firefox']) {
    const { negotiated, capabilities } = afterItsOffer(`${browser}-audio-offer`);
    const { read } = offered(['audio', 'video'], {
      before: negotiated,
      capabilities,
      session: { id: '9', version: 2 },
    });
    const [audio, video] = read.sections;
    assert.ok(audio && video);
    assert.equal(audio.mid, '0');
    assert.deepEqual(
      audio.formats,
      negotiated.lines[0]?.codecs.map(({ codec }) => String(codec.payloadType)),
    );
    assert.equal(video.mid, '2b');
    assert.equal(video.formats.filter((format) => audio.formats.includes(format)).length, 0);
    const names = new Map(audio.extensions.map(({ id, uri }) => [id, uri]));
    assert.ok(video.extensions.every(({ id, uri }) => (names.get(id) ?? uri) === uri));
  }
});

test('an ended data channel keeps its line', () => {
  const { negotiated, capabilities } = afterItsOffer('chromium-av-data-offer');
  const { sdp } = offered(['audio', 'video'], { before: negotiated, capabilities, session: { id: '9', version: 2 } });
  assert.match(sdp, /m=audio 42000[\s\S]*m=video 42000[\s\S]*m=application 0 UDP\/DTLS\/SCTP webrtc-datachannel/);
});

test('what the browser already gets is named', () => {
  const { sdp } = offered([], {
    lines: [{ kind: 'video', direction: 'sendrecv', consumed: consumedVideo, maxBitrateBps: 300_000 }],
  });
  assert.match(sdp, /a=ssrc-group:FID 2001 2002\r\n/);
  assert.match(sdp, /b=TIAS:300000\r\n/);
});

test('the answer of a real browser to an offer of two lines is read', () => {
  const { read } = offered(['audio', 'video']);
  assert.equal(read.sections.length, 2);
  for (const name of ['chromium-av-answer', 'firefox-av-answer']) {
    const answer = readBrowserDescription(fixture(name));
    assert.ok(inShort(answer.neutral.lines[0]?.codecs ?? []).includes('PCMU 0'));
  }
});
