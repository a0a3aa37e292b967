/**
 * The codecs of a call's router. A router sends by one set of payload types, and whoever offers receives by
 * the numbers of that offer; so the set is taken from the offer, and completed for media added later.
 */
import type { Codec, MediaKind, Offer } from '../call/media.ts';
import { isCarried, isSameCodec, isTelephoneEvent } from './codecs.ts';

/** As many as a call can make use of; the media plane needs a free number for the repair stream of each. */
const maxVideoCodecs = 12;

/** @param mode RFC 6184 s. 6.2: 1 unless a phone takes whole units only, which is 0 */
const h264 = (payloadType: number, profileLevelId: string, mode: 0 | 1 = 1): Codec => ({
  mimeType: 'video/H264',
  clockRate: 90000,
  payloadType,
  parameters: { 'level-asymmetry-allowed': 1, 'packetization-mode': mode, 'profile-level-id': profileLevelId },
});
const video = (name: string, payloadType: number, parameters: Codec['parameters'] = {}): Codec => ({
  mimeType: `video/${name}`,
  clockRate: 90000,
  payloadType,
  parameters,
});
const audio = (name: string, payloadType: number, clockRate = 8000): Codec => ({
  mimeType: `audio/${name}`,
  clockRate,
  payloadType,
  parameters: {},
});

const opus = (payloadType: number): Codec => ({
  ...audio('opus', payloadType, 48000),
  channels: 2,
  parameters: { minptime: 10, useinbandfec: 1 },
});

/** The numbers that Chromium gives, and with it most browsers. */
const chromiumCodecs: readonly Codec[] = [
  opus(111),
  audio('G722', 9),
  audio('PCMU', 0),
  audio('PCMA', 8),
  audio('telephone-event', 110, 48000),
  audio('telephone-event', 126),
  video('VP8', 96),
  h264(108, '42e01f'),
  h264(102, '42001f'),
  h264(114, '42e01f', 0),
  h264(104, '42001f', 0),
  video('VP9', 98, { 'profile-id': 0 }),
  video('AV1', 45, { profile: 0 }),
];

/** The numbers that Firefox gives. */
const firefoxCodecs: readonly Codec[] = [
  opus(109),
  audio('G722', 9),
  audio('PCMU', 0),
  audio('PCMA', 8),
  audio('telephone-event', 101),
  video('VP8', 120),
  video('VP9', 121, { 'profile-id': 0 }),
  video('AV1', 99, { profile: 0 }),
  h264(126, '42e01f'),
  h264(97, '42e01f', 0),
];

/**
 * Codecs for the router of a call that begins with this offer.
 *
 * A kind that the offer lacks gets the numbers by which this browser would offer it later. They change from version to
 * version; after a wrong guess, which `isReceivable` tells, an offer of ours brings the browser to the router's numbers.
 *
 * For a call that a plain peer begins it is called without lines: the relay translates for that side, so the
 * numbers may be those of most browsers, and a page that is reloaded in the call offers what the router has.
 */
export function routerCodecs(offer: Offer): Codec[] {
  const offered = distinct(offer.lines.flatMap((line) => line.codecs).filter(isCarried));
  const codecs = withoutClashes([...offered.filter(isAudio), ...offered.filter(isVideo).slice(0, maxVideoCodecs)]);
  const isFirefox = codecs.some((codec) => codec.mimeType === 'audio/opus' && codec.payloadType === 109);
  const usual = isFirefox ? firefoxCodecs : chromiumCodecs;
  const missing = kinds.filter((kind) => !codecs.some((codec) => isOf(kind, codec) && !isTelephoneEvent(codec)));
  const added = missing.flatMap((kind) => usual.filter((codec) => isOf(kind, codec)));
  return renumbered(
    codecs,
    added.filter((codec) => !codecs.some((own) => isSameCodec(own, codec))),
  );
}

const kinds: readonly MediaKind[] = ['audio', 'video'];
const isOf = (kind: MediaKind, codec: Codec): boolean => codec.mimeType.startsWith(`${kind}/`);

const isAudio = (codec: Codec): boolean => codec.mimeType.startsWith('audio/');
const isVideo = (codec: Codec): boolean => codec.mimeType.startsWith('video/');

const distinct = (codecs: readonly Codec[]): Codec[] =>
  codecs.filter((codec, index) => codecs.findIndex((other) => isSameCodec(other, codec)) === index);

/** Two lines of an offer may use one number for two things if they are not bundled; the first keeps it. */
const withoutClashes = (codecs: readonly Codec[]): Codec[] =>
  codecs.filter((codec, index) => codecs.findIndex((other) => other.payloadType === codec.payloadType) === index);

/** Dynamic payload types, RFC 3551 s. 6, then those that RFC 5761 s. 4 leaves free as well. */
const dynamicNumbers = [
  ...Array.from({ length: 32 }, (_, index) => 96 + index),
  ...Array.from({ length: 29 }, (_, index) => 35 + index),
];

function renumbered(codecs: readonly Codec[], added: readonly Codec[]): Codec[] {
  const all = [...codecs];
  for (const codec of added) {
    const isTaken = (number: number): boolean => all.some((other) => other.payloadType === number);
    const payloadType = isTaken(codec.payloadType)
      ? dynamicNumbers.find((number) => !isTaken(number))
      : codec.payloadType;
    if (payloadType !== undefined) all.push({ ...codec, payloadType });
  }
  return all;
}
