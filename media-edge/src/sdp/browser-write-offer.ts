/** An offer of ours to a browser: it is called, or the far side changes something in mid-call. */
import type { Codec, Direction, MediaKind } from '../call/media.ts';
import type { Consumed, RouterCapabilities } from '../ports/sfu.ts';
import { sourceSection } from './browser-answer.ts';
import type { BrowserDescription } from './browser-offer.ts';
import { dtmfFor, isCarried, isSameCodec, isTelephoneEvent } from './codecs.ts';
import { printDescription } from './description.ts';
import type { LineCodec } from './formats.ts';
import { writeFormats } from './formats.ts';
import type { LocalTransport } from './local-transport.ts';
import { roleOfAnswerer, transportSection } from './local-transport.ts';
import type { Negotiated, NegotiatedLine } from './negotiated.ts';
import { isUsefulExtension } from './rtp-parameters.ts';
import { SdpError } from './sdp-error.ts';
import type { ExtensionMap, Section } from './section.ts';
import { blankSection } from './section.ts';

/** A kind of media to offer. */
export interface OfferedLine {
  readonly kind: MediaKind;
  /** As we see it. */
  readonly direction: Direction;
  /** Only these, most wanted first, under any numbers; all of the router's if left out. */
  readonly codecs?: readonly Codec[];
  readonly consumed?: Consumed;
  /** The payload types of this line are to be the router's, whatever they were. */
  readonly isRenumbered?: boolean;
  readonly maxBitrateBps?: number;
}

export interface BrowserOffer {
  readonly capabilities: RouterCapabilities;
  /** At most one of each kind. Kinds used before that are not here end with port 0. */
  readonly lines: readonly OfferedLine[];
  readonly transport: LocalTransport;
  readonly session: { readonly id: string; readonly version: number };
  /** Of the last exchange on this transport, whoever offered. */
  readonly before?: Negotiated;
}

/** What an offer asked for: the answer is read against it. */
export interface PendingOffer {
  readonly lines: readonly NegotiatedLine[];
}

const protocol = 'UDP/TLS/RTP/SAVPF';

/** Feedback that we send and understand on video; on audio the receiver reports alone. */
const videoFeedback = ['nack', 'nack pli', 'ccm fir', 'goog-remb', 'transport-cc'];

/**
 * Writes an offer for a browser. Lines, mids, payload types and extension ids of the session so far stay, but for the
 * payload types of lines that ask for others.
 *
 * @returns the SDP, and what `acceptBrowserAnswer` needs
 * @throws SdpError if the router has no codec for a line
 */
export function writeBrowserOffer(offer: BrowserOffer): { sdp: string; pending: PendingOffer } {
  const placed = placeLines(offer);
  const bundle = placed.flatMap(({ line, wanted }) => (wanted === undefined ? [] : [line.mid]));
  // RFC 8842 s. 5.3: an offer leaves the roles open, also when they have been taken already.
  const sections = placed.map(
    ({ line, wanted }): Section =>
      wanted === undefined
        ? endedSection(line)
        : {
            ...mediaSection(line, wanted, offer.session.id),
            ...transportSection(offer.transport, 'actpass', line.mid === bundle[0]),
          },
  );
  return {
    sdp: printDescription({
      origin: { sessionId: offer.session.id, version: offer.session.version, address: '0.0.0.0' },
      isIceLite: true,
      bundles: bundle.length === 0 ? [] : [bundle],
      extensions: [],
      sections,
    }),
    pending: { lines: placed.map(({ line }) => line) },
  };
}

/**
 * Joins the browser's answer with the offer it answers.
 *
 * @throws SdpError if it does not fit that offer
 */
export function acceptBrowserAnswer(pending: PendingOffer, answer: BrowserDescription): Negotiated {
  if (answer.lines.length !== pending.lines.length) {
    throw new SdpError(`sdp answers ${pending.lines.length} m= lines with ${answer.lines.length}`);
  }
  const lines = answer.lines.map((line, index): NegotiatedLine => {
    const offered = pending.lines[index];
    if (offered === undefined || offered.kind !== line.kind || (line.isUsable && offered.mid !== line.mid)) {
      throw new SdpError(
        `sdp answers m=${offered?.kind ?? 'nothing'} '${offered?.mid ?? ''}' with m=${line.kind} '${line.mid}'`,
      );
    }
    if (line.isUsable && offered.isRefused) throw new SdpError(`sdp answers the ended m=${line.kind} line with a port`);
    const foreign = line.isUsable ? line.codecs.find(({ codec }) => !isOffered(codec, offered)) : undefined;
    if (foreign !== undefined)
      throw new SdpError(`sdp answers with the payload type ${foreign.codec.payloadType}, which was not offered`);
    return {
      ...offered,
      isRefused: !line.isUsable,
      codecs: line.isUsable ? line.codecs : [],
      extensions: line.extensions,
    };
  });
  return { lines, browserRole: roleOfAnswerer(answer.dtls.setup) };
}

const isOffered = (codec: Codec, line: NegotiatedLine): boolean =>
  line.codecs.some(
    (own) =>
      own.codec.payloadType === codec.payloadType && own.codec.mimeType.toLowerCase() === codec.mimeType.toLowerCase(),
  );

interface PlacedLine {
  readonly line: NegotiatedLine;
  /** Left out: the line has ended. */
  readonly wanted?: OfferedLine;
}

/** Old lines first, where they were; a new kind takes the place of an ended line of that kind, or the end (RFC 8829 s. 5.2.2). */
function placeLines(offer: BrowserOffer): PlacedLine[] {
  const placed: PlacedLine[] = (offer.before?.lines ?? []).map((line) => {
    const wanted = line.isRefused ? undefined : offer.lines.find((item) => item.kind === line.kind);
    if (wanted === undefined) return { line: { ...line, isRefused: true, codecs: [] } };
    return { line: wanted.isRenumbered === true ? renumbered(offer, wanted, line) : line, wanted };
  });
  for (const wanted of offer.lines) {
    if (placed.some((item) => item.wanted === wanted)) continue;
    const free = placed.findIndex((item) => item.wanted === undefined && item.line.kind === wanted.kind);
    const index = free === -1 ? placed.length : free;
    placed[index] = { line: newLine(offer, wanted, index), wanted };
  }
  return placed;
}

function newLine(offer: BrowserOffer, wanted: OfferedLine, index: number): NegotiatedLine {
  const taken = (offer.before?.lines ?? []).filter((line) => !line.isRefused);
  return {
    mid: newMid(offer, index),
    kind: wanted.kind,
    protocol,
    isRefused: false,
    ...formatsOf(offer, wanted, taken),
    extensions: offeredExtensions(offer, wanted.kind, taken),
  };
}

const renumbered = (offer: BrowserOffer, wanted: OfferedLine, line: NegotiatedLine): NegotiatedLine => {
  const others = (offer.before?.lines ?? []).filter((other) => other !== line && !other.isRefused);
  return { ...line, ...formatsOf(offer, wanted, others) };
};

function formatsOf(offer: BrowserOffer, wanted: OfferedLine, taken: readonly NegotiatedLine[]) {
  const codecs = offeredCodecs(offer.capabilities, wanted, taken);
  if (codecs.length === 0) throw new SdpError(`no ${wanted.kind} codec to offer`);
  return { codecs, formats: writeFormats(codecs).formats };
}

/** A recycled line gets a new mid (RFC 8829 s. 5.2.2). Eight characters are what the media plane writes into packets. */
function newMid(offer: BrowserOffer, index: number): string {
  const own = `${offer.session.version}${'abcdefgh'.charAt(index)}`;
  const isTaken = (offer.before?.lines ?? []).some((line) => line.mid === own);
  return isTaken ? `g${own}` : own;
}

/** In one bundle a payload type means one thing (RFC 9143 s. 9.1), so numbers of the other lines are left out. */
function offeredCodecs(
  capabilities: RouterCapabilities,
  wanted: OfferedLine,
  taken: readonly NegotiatedLine[],
): LineCodec[] {
  const numbers = new Set(
    taken.flatMap((line) => line.codecs.flatMap(({ codec, rtxPayloadType }) => [codec.payloadType, rtxPayloadType])),
  );
  const own = capabilities.codecs.filter(
    (codec) => codec.mimeType.startsWith(`${wanted.kind}/`) && isCarried(codec) && !numbers.has(codec.payloadType),
  );
  const media = own.filter((codec) => !isTelephoneEvent(codec));
  const chosen =
    wanted.codecs === undefined
      ? media
      : wanted.codecs.flatMap((codec) => media.find((item) => isSameCodec(item, codec)) ?? []);
  const events = new Set(chosen.flatMap((codec) => dtmfFor(codec, own) ?? []));
  return [...chosen, ...events].map((codec) => {
    const rtx = capabilities.rtxPayloadTypes.get(codec.payloadType);
    return {
      codec,
      feedback: wanted.kind === 'video' ? videoFeedback : [],
      ...(rtx === undefined || numbers.has(rtx) ? {} : { rtxPayloadType: rtx }),
    };
  });
}

/** The router's own ids, unless the session knows the extension by another id, or that id by another extension (RFC 8285 s. 6). */
function offeredExtensions(offer: BrowserOffer, kind: MediaKind, taken: readonly NegotiatedLine[]): ExtensionMap[] {
  const known = taken.flatMap((line) => line.extensions);
  const isBesideVideo = offer.lines.some((line) => line.kind === 'video');
  const useful = offer.capabilities.headerExtensions.filter(({ uri }) => isUsefulExtension(kind, uri, isBesideVideo));
  // The router lists each extension for the kinds that it sends it on; it reads it on both, under the one id.
  return useful
    .filter((own, index) => useful.findIndex((other) => other.uri === own.uri) === index)
    .flatMap(
      (own) =>
        known.find((other) => other.uri === own.uri) ?? (known.some((other) => other.id === own.id) ? [] : [own]),
    )
    .map(({ uri, id }) => ({ uri, id }));
}

function mediaSection(line: NegotiatedLine, wanted: OfferedLine, streamId: string): Section {
  return {
    ...blankSection,
    kind: line.kind,
    port: 9,
    protocol: line.protocol,
    mid: line.mid,
    direction: wanted.direction,
    isRtcpMux: true,
    isRtcpReducedSize: true,
    ...writeFormats(line.codecs),
    extensions: line.extensions,
    ...(wanted.consumed === undefined ? {} : sourceSection(wanted.consumed, streamId)),
    bandwidths: wanted.maxBitrateBps === undefined ? [] : [{ type: 'TIAS', limit: wanted.maxBitrateBps }],
  };
}

const endedSection = (line: NegotiatedLine): Section => ({
  ...blankSection,
  kind: line.kind,
  port: 0,
  protocol: line.protocol,
  formats: line.formats,
  direction: 'inactive',
  ...(line.mid === '' ? {} : { mid: line.mid }),
});
