/**
 * The sockets and the packet work of plain RTP legs, apart from the event loop of signalling. `relay/` implements it.
 *
 * Outside is the SIP peer, inside the media plane on loopback. Inbound is from outside to inside.
 */
import type { Direction, MediaKind } from '../call/media.ts';

export interface Relay {
  /**
   * Opens the sockets of one leg.
   * @param options.address local address for the peer's side
   * @param options.latch   see `PlainOptions.latch`
   * @param options.media   what it carries; sound when left out
   */
  open(options: RelayOpening): Promise<RelayLeg>;
  close(): void;
}

export interface RelayOpening {
  readonly address: string;
  readonly latch: boolean;
  readonly media?: MediaKind;
}

export interface RelayLeg {
  /** Even; RTCP is on the port above. */
  readonly port: number;
  /** On 127.0.0.1: where the media plane sends, RTP and RTCP on one port. */
  readonly insidePort: number;
  /** Where the media plane listens on 127.0.0.1; may change (another router). */
  setInside(port: number): void;
  setRemote(remote: RemoteAddress): void;
  /** How packets of the peer go in; none do before. */
  setInbound(flow: InboundFlow): void;
  /** How packets of the media plane go out; none do before. */
  setOutbound(flow: OutboundFlow): void;
  setDirection(direction: Direction): void;
  /** Encrypts and signs what goes to the peer and comes from it; `undefined` for plain RTP. Equal keys go on as they were. */
  setSecurity(security: Security | undefined): void;
  sendDtmf(digit: string, durationMs: number): void;
  stats(): Promise<RelayStats>;
  listen(listener: (event: RelayEvent) => void): void;
  close(): void;
}

/** Suites of SDES by their names in SDP (RFC 4568 s. 6.2, RFC 6188 s. 6). */
export const srtpSuites = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
  'AES_256_CM_HMAC_SHA1_80',
  'AES_256_CM_HMAC_SHA1_32',
] as const;

export type SrtpSuite = (typeof srtpSuites)[number];

/** Key of one direction (RFC 3711 s. 4.3). It stays out of logs and ladders. */
export interface SrtpKey {
  readonly suite: SrtpSuite;
  /** Master key and, after it, 14 octets of master salt. */
  readonly keyAndSalt: Uint8Array;
  /** What the sender puts before each tag to name the key (RFC 3711 s. 3.1). */
  readonly mki?: Uint8Array;
}

export interface Security {
  readonly inbound: SrtpKey;
  readonly outbound: SrtpKey;
}

export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
}

/** The peer's numbers and what the media plane calls them. */
export interface InboundFlow {
  /** What the media plane expects, whatever the peer uses. */
  readonly ssrc: number;
  readonly clockRate: number;
  readonly payloadType: { readonly outside: number; readonly inside: number };
  /** Further numbers by which the peer may send the same. */
  readonly alsoOutside?: readonly number[];
  /** Events of the peer end here: they are told, not passed on. */
  readonly dtmf?: { readonly outside: number; readonly clockRate: number };
  /** The peer has not said that it takes requests for a whole picture by RTCP: `keyFrameWanted` tells of them as well. */
  readonly isDeafToFeedback?: boolean;
}

export interface OutboundFlow {
  readonly clockRate: number;
  readonly payloadType: { readonly outside: number; readonly inside: number };
  /** Events from inside are passed on; those of `sendDtmf` are made. */
  readonly dtmf?: {
    readonly outside: number;
    readonly clockRate: number;
    readonly inside?: { readonly payloadType: number; readonly clockRate: number };
  };
}

export type RelayEvent =
  | { readonly kind: 'firstPacket' }
  /** The media plane wants a whole picture of the peer; the peer has been asked by RTCP, which not all understand. */
  | { readonly kind: 'keyFrameWanted' }
  | { readonly kind: 'dtmf'; readonly digit: string; readonly durationMs: number }
  | { readonly kind: 'silence'; readonly silentMs: number }
  | { readonly kind: 'closed'; readonly reason: string };

export interface RelayStats {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly packetsLost: number;
  /** Not RTP, or not in the agreed format. */
  readonly malformed: number;
  readonly unexpected: number;
  /** From an address that is not the peer's. */
  readonly strangers: number;
  /** Sent to where nothing listened. */
  readonly unreachable: number;
  readonly remote?: { readonly address: string; readonly port: number };
}
