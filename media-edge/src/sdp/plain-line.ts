/** One m-line of ours towards a peer on plain RTP, or on RTP under keys by SDES; offers and answers share it. */
import type { Codec, Direction, MediaKind } from '../call/media.ts';
import type { Setup } from './browser-offer.ts';
import { isTelephoneEvent } from './codecs.ts';
import { printDescription } from './description.ts';
import { writeFormats } from './formats.ts';
import { type LocalTransport, transportSection } from './local-transport.ts';
import { type SdesKey, toCrypto } from './sdes.ts';
import { blankSection, type Section } from './section.ts';

/** Our end of one stream. */
export interface PlainStream {
  readonly kind: MediaKind;
  /** Where the peer sends; RTCP is on the port above, or on the same where the peer wants that. */
  readonly port: number;
  readonly protocol: string;
  /** As we see it. */
  readonly direction: Direction;
  /** The peer's payload types in an answer; events last. */
  readonly codecs: readonly Codec[];
  /** Our keys, most wanted first. */
  readonly keys: readonly SdesKey[];
  /** Our side of ICE and DTLS, and our role in DTLS, for a peer that has them. */
  readonly dtls?: { readonly transport: LocalTransport; readonly setup: Setup } | undefined;
  /** In an answer: the peer wants RTP and RTCP on one port. In an offer: it may. */
  readonly isRtcpMux: boolean;
  /** What we take in, bits per second. */
  readonly maxBitrateBps?: number;
}

/** Who describes: our address, and the session, whose version rises with each change (see `nextVersion`). */
export interface PlainOwner {
  readonly address: string;
  readonly session: { readonly id: string; readonly version: number };
}

/** Milliseconds of sound in a packet that every phone accepts (RFC 3551 s. 4.5). */
const packetTimeMs = 20;

/** Requests for whole pictures, which both sides of a call may make. RFC 4585 wants AVPF for them; phones go without. */
const pictureFeedback = ['nack', 'nack pli', 'ccm fir'];

/** @param isMuxed RTCP comes to the port of RTP */
export function streamSection(stream: PlainStream, isMuxed: boolean): Section {
  const feedback = stream.kind === 'video' ? pictureFeedback : [];
  return {
    ...blankSection,
    kind: stream.kind,
    port: stream.port,
    protocol: stream.protocol,
    direction: stream.direction,
    // RFC 3605: says where RTCP goes to those who read it; the others use the port above, which is the same.
    ...(isMuxed || stream.dtls !== undefined ? {} : { rtcpPort: stream.port + 1 }),
    isRtcpMux: stream.isRtcpMux,
    ...writeFormats(stream.codecs.map((codec) => ({ codec, feedback: isTelephoneEvent(codec) ? [] : feedback }))),
    cryptos: stream.keys.map(toCrypto),
    ...(stream.kind === 'audio' ? { packetTimeMs } : {}),
    bandwidths: bandwidths(stream.maxBitrateBps),
    ...(stream.dtls === undefined ? {} : transportSection(stream.dtls.transport, stream.dtls.setup, true)),
  };
}

/** Old phones read kilobits only (RFC 8866 s. 5.8), new ones prefer the other (RFC 3890). */
const bandwidths = (bps: number | undefined): Section['bandwidths'] =>
  bps === undefined
    ? []
    : [
        { type: 'AS', limit: Math.ceil(bps / 1000) },
        { type: 'TIAS', limit: bps },
      ];

/** RFC 3264 s. 6: port 0 and the formats of the offer. */
export const refusedSection = (line: {
  readonly kind: string;
  readonly protocol: string;
  readonly formats: readonly string[];
}): Section => ({
  ...blankSection,
  kind: line.kind,
  port: 0,
  protocol: line.protocol,
  formats: line.formats,
});

export const printPlain = (sections: readonly Section[], { address, session }: PlainOwner): string =>
  printDescription({
    origin: { sessionId: session.id, version: session.version, address },
    address,
    isIceLite: sections.some(({ ice }) => ice !== undefined),
    bundles: [],
    extensions: [],
    sections,
  });
