/**
 * The sockets and the packet work of plain RTP legs, apart from the event loop of signalling. `relay/` implements it.
 *
 * Outside is the SIP peer, inside the media plane on loopback. Inbound is from outside to inside.
 */
import type { Direction } from '../call/media.ts';

export interface Relay {
  /**
   * Opens the sockets of one leg.
   * @param options.address local address for the peer's side
   * @param options.latch   see `PlainOptions.latch`
   */
  open(options: { readonly address: string; readonly latch: boolean }): Promise<RelayLeg>;
  close(): void;
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
  sendDtmf(digit: string, durationMs: number): void;
  stats(): Promise<RelayStats>;
  listen(listener: (event: RelayEvent) => void): void;
  close(): void;
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
  /** Events of the peer end here: they are told, not passed on. */
  readonly dtmf?: { readonly outside: number; readonly clockRate: number };
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
