/**
 * Neutral media descriptions (RFC 3264 without the SDP): what two legs tell each other.
 * Each leg writes its own SDP or Jingle from them; none is ever handed on.
 */
export type MediaKind = 'audio' | 'video';

/** Seen from the side that wrote the description. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** One codec as both an SDP and the media plane name it. */
export interface Codec {
  /** `audio/PCMU`, `video/H264`: as in `a=rtpmap`, with the kind in front. */
  readonly mimeType: string;
  /** The RTP clock, Hz (8000 for G.722, RFC 3551 s. 4.5.2). */
  readonly clockRate: number;
  /** Audio only, 1 when left out. */
  readonly channels?: number;
  /** Of the side that wrote it; the other side maps it to its own. */
  readonly payloadType: number;
  /** From `a=fmtp`. */
  readonly parameters: Readonly<Record<string, string | number>>;
}

export interface MediaLine {
  readonly kind: MediaKind;
  /** `inactive` with no codecs: refused (port 0). */
  readonly direction: Direction;
  /** Most wanted first; telephone-event is listed last, once per clock rate. rtx, red and fec are not listed. */
  readonly codecs: readonly Codec[];
  /** What the writer can take in, bits per second, where it said so (`b=TIAS`, `b=AS`). */
  readonly maxBitrateBps?: number;
}

/** Lines keep their order for the life of a session (RFC 3264 s. 8); at most one line of each kind is in use. */
export interface Offer {
  readonly lines: readonly MediaLine[];
}

/** Same lines, same order as the offer; each with the codecs that remain, the one in use first. */
export interface Answer {
  readonly lines: readonly MediaLine[];
}

/** Media that a leg puts into the call: what the other leg may take from the router. */
export interface Source {
  readonly kind: MediaKind;
  readonly producerId: string;
  readonly codec: Codec;
}
