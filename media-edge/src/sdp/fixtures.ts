/** Descriptions as recorded from real browsers and phones; for tests. */
import { readFileSync } from 'node:fs';
import type { Codec } from '../call/media.ts';
import type { Consumed, RouterCapabilities } from '../ports/sfu.ts';
import type { LocalTransport } from './local-transport.ts';

/** `chromium-av-offer` gives the text of `fixtures/chromium-av-offer.sdp`. */
export const fixture = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.sdp`, import.meta.url), 'utf8').replace(/\r?\n/g, '\r\n');

/** The same text with one part of it replaced, which has to be there. */
export function changed(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to);
  if (result === text) throw new Error(`nothing to replace by ${String(from)}`);
  return result;
}

/** A transport of ours on a documentation address. */
export const localTransport: LocalTransport = {
  ice: { usernameFragment: 'ourufrag', password: 'our-password-of-32-characters-ab' },
  fingerprint: { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
  candidates: [
    { foundation: 'udpcandidate', priority: 1076302079, address: '192.0.2.1', port: 42000, protocol: 'udp' },
    { foundation: 'tcpcandidate', priority: 1076276479, address: '192.0.2.1', port: 42000, protocol: 'tcp' },
  ],
};

/** A router as the media plane makes one of these codecs. */
export const capabilitiesOf = (codecs: readonly Codec[]): RouterCapabilities => ({
  codecs,
  rtxPayloadTypes: new Map(
    codecs
      .filter((codec) => codec.mimeType.startsWith('video/'))
      .map((codec, index) => [codec.payloadType, 50 + index]),
  ),
  headerExtensions: [
    { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 },
    { kind: 'video', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 },
    { kind: 'video', uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', id: 4 },
    { kind: 'video', uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', id: 5 },
    { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 6 },
    { kind: 'video', uri: 'urn:3gpp:video-orientation', id: 8 },
  ],
});

export const consumedAudio: Consumed = {
  consumerId: 'c-audio',
  producerId: 'p-audio',
  kind: 'audio',
  ssrc: 1001,
  cname: 'far',
};
export const consumedVideo: Consumed = {
  consumerId: 'c-video',
  producerId: 'p-video',
  kind: 'video',
  ssrc: 2001,
  rtxSsrc: 2002,
  cname: 'far',
};

/** Names and numbers: `opus 111`. */
export const inShort = (codecs: readonly Codec[]): string[] =>
  codecs.map((codec) => `${codec.mimeType.slice(codec.mimeType.indexOf('/') + 1)} ${codec.payloadType}`);
