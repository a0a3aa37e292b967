import type { Codec } from '../../../media-edge/src/call/media.ts';
import { readBrowserDescription } from '../../../media-edge/src/sdp/browser-offer.ts';
import { dtmfFor, pickCodec } from '../../../media-edge/src/sdp/codecs.ts';
import { parseDescription, printDescription } from '../../../media-edge/src/sdp/description.ts';
import { fixture } from '../../../media-edge/src/sdp/fixtures.ts';
import { type PlainDescription, readPlainDescription, usedPlainLine } from '../../../media-edge/src/sdp/plain-read.ts';
import { routerCodecs } from '../../../media-edge/src/sdp/router-codecs.ts';
import { NoCommonCodec, SdpError } from '../../../media-edge/src/sdp/sdp-error.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';

/** What phones and browsers describe: read, agreed on, and answered. */
export const sdpTarget: Target = {
  name: 'sdp',
  seeds: ['baresip-offer', 'desk-phone-offer', 'held-phone-offer', 'secure-phone-offer', 'chromium-av-offer'].map(
    (name) => Buffer.from(fixture(name)),
  ),
  dictionary: [
    '\r\n',
    'm=audio ',
    'm=video ',
    'm=application ',
    'c=IN IP4 ',
    'c=IN IP6 ::',
    '0.0.0.0',
    'a=rtpmap:',
    'a=fmtp:',
    'a=rtcp:',
    'a=rtcp-mux',
    'a=sendonly',
    'a=inactive',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:',
    'a=candidate:',
    'a=fingerprint:sha-256 ',
    'a=group:BUNDLE ',
    'a=mid:',
    'a=extmap:',
    'a=ssrc:',
    'a=ssrc-group:FID ',
    'a=simulcast:',
    'a=rid:',
    'b=TIAS:',
    'b=AS:',
    'RTP/AVP',
    'RTP/SAVPF',
    'UDP/TLS/RTP/SAVPF',
    'telephone-event/8000',
    'H264/90000',
    'opus/48000/2',
    'profile-level-id=42e01f',
    'packetization-mode=1',
  ],
  // Each text is read five times; one of as many lines as are allowed takes 4 ms each time, and more when it is counted.
  slowMs: 100,
  run(input) {
    const text = Buffer.from(input).toString('utf8');
    refusable(() => checkPrinted(text));
    refusable(() => routerCodecs(readBrowserDescription(text).neutral));
    refusable(() => checkAgreed(readPlainDescription(text)));
  },
};

/** A description may be refused; only then is it no finding that nothing comes of it. */
function refusable(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SdpError || error instanceof NoCommonCodec)) throw error;
  }
}

/** What we read is what we would write. */
function checkPrinted(text: string): void {
  const once = parseDescription(text);
  const printed = printDescription(once);
  const again = parseDescription(printed);
  must(again.sections.length === once.sections.length, 'a description has other m-lines as we write it');
  must(
    again.sections.every(({ kind, port }, at) => kind === once.sections[at]?.kind && port === once.sections[at]?.port),
    'an m-line is another one as we write it',
  );
}

const known: readonly Codec[] = [
  { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 111, parameters: {} },
  { mimeType: 'audio/G722', clockRate: 8000, payloadType: 9, parameters: {} },
  { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} },
  { mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8, parameters: {} },
];

/** RFC 3264 s. 6.1: what is answered is a codec of the offer, under its number there. */
function checkAgreed(offer: PlainDescription): void {
  routerCodecs(offer.neutral);
  const line = usedPlainLine(offer, 'audio');
  if (line === undefined) return;
  const codec = pickCodec(line.media.codecs, known);
  dtmfFor(codec, line.media.codecs);
  must(
    line.media.codecs.some(({ payloadType }) => payloadType === codec.payloadType),
    'a codec is agreed on that was not offered',
  );
}
