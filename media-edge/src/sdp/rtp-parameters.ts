/** From a line of a browser's SDP to what the media plane needs to take or send RTP on it. */
import type { Codec, MediaKind } from '../call/media.ts';
import type { HeaderExtension, RouterCapabilities, SendParameters } from '../ports/sfu.ts';
import type { BrowserDescription, BrowserLine } from './browser-offer.ts';
import { mediaKind } from './browser-offer.ts';
import { dtmfFor, isSameCodec } from './codecs.ts';
import { SdpError } from './sdp-error.ts';
import type { ExtensionMap } from './section.ts';

const mid = 'urn:ietf:params:rtp-hdrext:sdes:mid';
export const transportWide = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** Header extensions that the media plane makes use of. */
const usefulExtensions: Readonly<Record<MediaKind, readonly string[]>> = {
  audio: [mid],
  video: [
    mid,
    'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
    transportWide,
    'urn:3gpp:video-orientation',
  ],
};

/**
 * Sound is numbered transport-wide only beside video: then the browser's first probes, which are of sound as well, count
 * for the estimate. Alone it has nothing to estimate for, and each packet would be accounted for ten times a second.
 */
export const isUsefulExtension = (kind: MediaKind, uri: string, isBesideVideo: boolean): boolean =>
  usefulExtensions[kind].includes(uri) || (uri === transportWide && isBesideVideo);

/** Feedback messages that we understand and send (RFC 4585, RFC 5104). */
const usefulFeedback: ReadonlySet<string> = new Set(['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc']);

/**
 * What one line comes to when `chosen` is used on it, in both directions.
 *
 * @param chosen        one of the line's codecs, under the browser's payload type; its parameters may be the other side's
 * @param isBesideVideo false where the video of the description is refused
 * @throws SdpError if the line has no such codec
 */
export function toSendParameters(
  line: BrowserLine,
  chosen: Codec,
  capabilities: RouterCapabilities,
  isBesideVideo: boolean = line.isBesideVideo,
): SendParameters {
  const kind = mediaKind(line.kind);
  const entry = line.codecs.find(({ codec }) => codec.payloadType === chosen.payloadType);
  if (kind === undefined || entry === undefined) {
    throw new SdpError(`m=${line.kind} has no payload type ${chosen.payloadType} to choose`);
  }
  const useful = line.extensions.filter(({ uri }) => isUsefulExtension(kind, uri, isBesideVideo));
  const headerExtensions = agreedExtensions(useful, kind, capabilities);
  return {
    kind,
    mid: line.mid,
    codec: chosen,
    dtmf: dtmfFor(
      chosen,
      line.codecs.map(({ codec }) => codec),
    ),
    rtxPayloadType: entry.rtxPayloadType,
    feedback: keptFeedback(entry.feedback, headerExtensions),
    headerExtensions,
    ssrc: line.ssrc,
    rtxSsrc: line.rtxSsrc,
    cname: line.cname,
  };
}

/**
 * The extensions of a line that can be agreed on. The router writes each under one fixed id, to everybody:
 * an id that means something else to the browser must not be agreed on, since the browser would misread what it gets.
 */
function agreedExtensions(
  offered: readonly ExtensionMap[],
  kind: MediaKind,
  capabilities: RouterCapabilities,
): HeaderExtension[] {
  return offered
    .filter(({ uri, id }) => capabilities.headerExtensions.every((own) => own.id !== id || own.uri === uri))
    .map(({ uri, id }) => ({ kind, uri, id }));
}

/** Transport-wide feedback counts by the numbers in its extension, so it needs that one. */
const keptFeedback = (feedback: readonly string[], extensions: readonly HeaderExtension[]): string[] =>
  feedback
    .filter((value) => usefulFeedback.has(value))
    .filter((value) => value !== 'transport-cc' || extensions.some(({ uri }) => uri === transportWide));

/**
 * True if the router sends this codec under the number that the browser gave it. A browser receives by
 * the numbers of its own offer, the router sends by those of the offer it was made for.
 */
export const isReceivable = (codec: Codec, capabilities: RouterCapabilities): boolean =>
  capabilities.codecs.some((own) => own.payloadType === codec.payloadType && isSameCodec(own, codec));

/**
 * True if all media of this offer can be sent to the browser from a router with these capabilities.
 * A reloaded page offers anew, perhaps by other numbers: then it needs a router of its own.
 */
export const fitsRouter = (offer: BrowserDescription, capabilities: RouterCapabilities): boolean =>
  offer.lines
    .filter((line) => line.isUsable)
    .every((line) =>
      line.codecs
        .filter(({ codec }) => capabilities.codecs.some((own) => isSameCodec(own, codec)))
        .every(({ codec }) => isReceivable(codec, capabilities)),
    );
