import type { MediaKind } from '../call/media.ts';
import type { RemoteAddress } from '../ports/relay.ts';
import type { Latch, Remote } from './latch.ts';
import type { LegWire } from './leg-wire.ts';
import { asksForPicture, isFeedback, translateReports } from './rtcp-packet.ts';
import { write32 } from './rtp-packet.ts';
import type { RtpRewriter } from './rtp-rewriter.ts';

/** The two streams of a leg: towards the media plane, and towards the peer. */
export interface LegStreams {
  readonly inbound: RtpRewriter | undefined;
  readonly outbound: RtpRewriter;
}

/** How often a peer is asked by other means for a whole picture, in ms. */
const askIntervalMs = 500;
/** An empty receiver report (RFC 3550 s. 6.4.2). */
const emptyReport = [0x80, 201, 0, 1, 0, 0, 0, 0];
const emptyReportBytes = emptyReport.length;
/** For feedback that has to be put behind a report. */
const compound = new Uint8Array(2048);

/** The RTCP of one leg, both ways: what it says is translated, and it finds its way by the ports that the peer uses. */
export class LegReports {
  readonly #wire: LegWire;
  readonly #latch: Latch;
  readonly #hasFeedback: boolean;
  #remote: RemoteAddress | undefined;
  /** Where the peer's reports come from: behind a NAT the only port that reaches it. */
  #port: number | undefined;
  /** The peer uses one port for RTP and RTCP (RFC 5761). */
  #isMuxed = false;
  #askedAtMs = -askIntervalMs;

  /** @param wire seals what goes to the peer, where that is wanted */
  constructor(wire: LegWire, latch: Latch, kind: MediaKind) {
    this.#wire = wire;
    this.#latch = latch;
    this.#hasFeedback = kind === 'video';
  }

  setRemote(remote: RemoteAddress): void {
    this.#remote = remote;
    this.#port = undefined;
    this.#isMuxed = remote.rtcpPort === remote.port;
  }

  /** @param port where it came from, unless that is the one of RTP */
  fromPeer(packet: Uint8Array, port: number | undefined, { inbound, outbound }: LegStreams): void {
    this.#isMuxed = port === undefined;
    if (port !== undefined) this.#port = port;
    if (inbound === undefined || outbound.source === undefined) return;
    const bytes = translateReports(packet, {
      sent: { from: inbound.source ?? -1, to: inbound.ssrc, timestampOffset: inbound.timestampOffset },
      received: { from: outbound.ssrc, to: outbound.source, sequenceOffset: outbound.sequenceOffset },
      hasFeedback: this.#hasFeedback,
    });
    if (bytes > 0) this.#wire.toInside(packet, 0, bytes);
  }

  /** @param isDeaf see `InboundFlow.isDeafToFeedback` */
  fromInside(packet: Uint8Array, { inbound, outbound }: LegStreams, isDeaf: boolean, nowMs: number): void {
    const target = this.#latch.target;
    if (isDeaf && asksForPicture(packet)) this.#ask(nowMs);
    if (target === undefined) return;
    const bytes = translateReports(packet, {
      sent: { from: outbound.source ?? -1, to: outbound.ssrc, timestampOffset: outbound.timestampOffset },
      received: { from: inbound?.ssrc ?? 0, to: inbound?.source ?? 0, sequenceOffset: inbound?.sequenceOffset ?? 0 },
      hasFeedback: this.#hasFeedback,
    });
    if (bytes === 0) return;
    if (!isFeedback(packet)) return this.#send(packet, bytes, target);
    // Many phones take no packet that does not begin with a report.
    compound.set(emptyReport);
    write32(compound, 4, outbound.ssrc);
    compound.set(packet.subarray(0, bytes), emptyReportBytes);
    this.#send(compound, emptyReportBytes + bytes, target);
  }

  #send(packet: Uint8Array, bytes: number, target: Remote): void {
    if (this.#isMuxed) return this.#wire.toPeer(packet, 0, bytes, target);
    const remote = this.#remote;
    const isWhereNamed = remote !== undefined && remote.address === target.address && remote.port === target.port;
    const port = this.#port ?? (isWhereNamed ? remote.rtcpPort : target.port + 1);
    this.#wire.reportToPeer(packet, bytes, { address: target.address, port: Math.min(port, 65535) });
  }

  #ask(nowMs: number): void {
    if (nowMs - this.#askedAtMs < askIntervalMs) return;
    this.#askedAtMs = nowMs;
    this.#wire.tell({ kind: 'keyFrameWanted' });
  }
}
