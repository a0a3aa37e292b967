/**
 * All that happens to the packets of one leg, without sockets and clock: each method takes one packet and
 * the present, and sends at most one. This is the path that every packet of every call takes, so nothing
 * is copied or allocated on it.
 *
 *     peer --RTP--> fromPeer ----> wire.toInside      media plane
 *     peer <--RTP-- wire.toPeer <---- fromInside      media plane
 */
import type { Direction } from '../call/media.ts';
import type { InboundFlow, OutboundFlow, RelayStats, RemoteAddress } from '../ports/relay.ts';
import { Latch } from './latch.ts';
import type { LegWire } from './leg-wire.ts';
import { PacketAllowance } from './packet-allowance.ts';
import { translateReports } from './rtcp-packet.ts';
import * as rtp from './rtp-packet.ts';
import { RtpRewriter } from './rtp-rewriter.ts';
import type { Digit } from './telephone-event.ts';
import {
  EventReceiver,
  EventSender,
  eventPayloadBytes,
  readEvent,
  rescaleEvent,
  writeEvent,
} from './telephone-event.ts';

export interface LegStart {
  readonly latch: boolean;
  /** Of our stream towards the peer: random (RFC 3550 s. 5.1). */
  readonly outbound: { readonly ssrc: number; readonly sequence: number; readonly timestamp: number };
  /** Of the stream to the media plane. */
  readonly inbound: { readonly sequence: number; readonly timestamp: number };
  /** RTP silence to be told, in ms. */
  readonly silenceMs: number;
  readonly nowMs: number;
}

export class LegPackets {
  readonly #wire: LegWire;
  readonly #latch: Latch;
  readonly #start: LegStart;
  readonly #allowance: PacketAllowance;
  #inbound: InboundFlow | undefined;
  #inboundRewriter: RtpRewriter | undefined;
  #events: EventReceiver | undefined;
  #outbound: OutboundFlow | undefined;
  readonly #outboundRewriter: RtpRewriter;
  readonly #digits = new EventSender();
  #digitTimestamp = 0;
  readonly #digitPacket = new Uint8Array(rtp.fixedHeaderBytes + eventPayloadBytes);
  #isHearing = true;
  #isSpeaking = true;
  #remote: RemoteAddress | undefined;
  /** Where the peer's reports come from: behind a NAT the only port that reaches it. */
  #reportPort: number | undefined;
  /** The peer uses one port for RTP and RTCP (RFC 5761). */
  #isMuxed = false;
  #heardAtMs: number;
  #isSilenceTold = false;
  #hasHeard = false;
  readonly #counts = {
    packetsIn: 0,
    packetsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    malformed: 0,
    unexpected: 0,
    strangers: 0,
    unreachable: 0,
  };

  constructor(wire: LegWire, start: LegStart) {
    this.#wire = wire;
    this.#start = start;
    this.#allowance = new PacketAllowance(start.nowMs);
    this.#latch = new Latch(start.latch);
    this.#outboundRewriter = new RtpRewriter({ ...start.outbound, clockRate: 8000 });
    this.#heardAtMs = start.nowMs;
  }

  /** An address that names nobody, as in the old way of holding (RFC 3264 s. 8.4), changes nothing. */
  setRemote(remote: RemoteAddress): void {
    if (remote.port === 0 || remote.address === '0.0.0.0' || remote.address === '::') return;
    this.#remote = remote;
    this.#reportPort = undefined;
    this.#isMuxed = remote.rtcpPort === remote.port;
    this.#latch.name(remote);
  }

  setInbound(flow: InboundFlow, nowMs: number): void {
    if (this.#inboundRewriter?.ssrc !== flow.ssrc) {
      this.#inboundRewriter = new RtpRewriter({ ...this.#start.inbound, ssrc: flow.ssrc, clockRate: flow.clockRate });
    }
    this.#inboundRewriter.setClockRate(flow.clockRate);
    if (this.#inbound?.dtmf?.clockRate !== flow.dtmf?.clockRate)
      this.#events = flow.dtmf && new EventReceiver(flow.dtmf.clockRate);
    this.#inbound = flow;
    this.#expectMedia(nowMs);
  }

  setOutbound(flow: OutboundFlow): void {
    this.#outboundRewriter.setClockRate(flow.clockRate);
    this.#outbound = flow;
  }

  /** As we see it, by our answer. */
  setDirection(direction: Direction, nowMs: number): void {
    this.#isSpeaking = direction === 'sendrecv' || direction === 'sendonly';
    this.#isHearing = direction === 'sendrecv' || direction === 'recvonly';
    this.#expectMedia(nowMs);
  }

  sendDtmf(digit: string, durationMs: number): void {
    if (this.#outbound?.dtmf !== undefined) this.#digits.add(digit, durationMs);
  }

  /** True while digits are to be played: `tick` wants to be called every 20 ms. */
  get isPlayingDigits(): boolean {
    return this.#digits.isBusy;
  }

  #noteUnexpected(): void {
    this.#counts.unexpected += 1;
  }

  /** A packet on our RTP port. */
  fromPeer(packet: Uint8Array, address: string, port: number, nowMs: number): void {
    if (rtp.isRtcp(packet)) return this.reportFromPeer(packet, address, port, true);
    if (!rtp.isRtp(packet)) {
      this.#counts.malformed += 1;
      return;
    }
    const flow = this.#inbound;
    const number = rtp.payloadType(packet);
    if (flow === undefined || (number !== flow.payloadType.outside && number !== flow.dtmf?.outside))
      return this.#noteUnexpected();
    if (!this.#latch.accepts(address, port, nowMs)) {
      this.#counts.strangers += 1;
      return;
    }
    if (!this.#allowance.take(nowMs)) return this.#noteUnexpected();
    this.#noteHeard(packet, nowMs);
    if (!this.#isHearing || this.#inboundRewriter === undefined) return;
    if (number !== flow.payloadType.outside) return this.#hearEvent(packet, this.#inboundRewriter, nowMs);
    if (!this.#inboundRewriter.rewrite(packet, nowMs, false)) return;
    rtp.setPayloadType(packet, flow.payloadType.inside);
    rtp.trim(packet);
    this.#wire.toInside(packet, rtp.trimmed.start, rtp.trimmed.bytes);
  }

  /** A packet of the media plane: RTP and RTCP come to one port. */
  fromInside(packet: Uint8Array, nowMs: number): void {
    if (rtp.isRtcp(packet)) return this.#reportFromInside(packet);
    const flow = this.#outbound;
    const target = this.#latch.target;
    if (flow === undefined || target === undefined || !this.#isSpeaking || !rtp.isRtp(packet)) return;
    const number = rtp.payloadType(packet);
    const isEvent = number === flow.dtmf?.inside?.payloadType;
    if (!isEvent && number !== flow.payloadType.inside) return;
    if (this.#digits.isPlaying) return this.#outboundRewriter.skip(packet, nowMs);
    if (!this.#outboundRewriter.rewrite(packet, nowMs, isEvent)) return;
    rtp.setPayloadType(packet, isEvent && flow.dtmf ? flow.dtmf.outside : flow.payloadType.outside);
    rtp.trim(packet);
    if (isEvent) this.#fitEvent(packet, flow);
    this.#countOut(rtp.trimmed.bytes);
    this.#wire.toPeer(packet, rtp.trimmed.start, rtp.trimmed.bytes, target);
  }

  /** A packet on our RTCP port, or a report on the RTP port of a peer that uses one port for both. */
  reportFromPeer(packet: Uint8Array, address: string, port: number, isOnRtpPort: boolean): void {
    const heard = this.#latch.target;
    if (!rtp.isRtcp(packet) || heard?.address !== address) {
      this.#counts.strangers += 1;
      return;
    }
    const inbound = this.#inboundRewriter;
    if (inbound?.source === undefined || this.#outboundRewriter.source === undefined) return;
    this.#isMuxed = isOnRtpPort;
    if (!isOnRtpPort) this.#reportPort = port;
    const bytes = translateReports(packet, {
      sent: { from: inbound.source, to: inbound.ssrc, timestampOffset: inbound.timestampOffset },
      received: {
        from: this.#outboundRewriter.ssrc,
        to: this.#outboundRewriter.source,
        sequenceOffset: this.#outboundRewriter.sequenceOffset,
      },
    });
    if (bytes > 0) this.#wire.toInside(packet, 0, bytes);
  }

  /** Plays digits; every 20 ms while `isPlayingDigits`. */
  tick(nowMs: number): void {
    const flow = this.#outbound;
    const target = this.#latch.target;
    const dtmf = flow?.dtmf;
    if (flow === undefined || dtmf === undefined) return;
    const event = this.#digits.next(nowMs, dtmf.clockRate);
    if (event === undefined) return;
    if (event.isFirst) this.#digitTimestamp = this.#outboundRewriter.timestampAt(nowMs);
    const packet = this.#digitPacket;
    packet[0] = 0x80;
    // RFC 4733 s. 2.5.1.2: the marker says where an event begins.
    packet[1] = (event.isFirst ? 0x80 : 0) | dtmf.outside;
    rtp.write16(packet, 2, this.#outboundRewriter.insert());
    rtp.write32(packet, 4, this.#digitTimestamp);
    rtp.write32(packet, 8, this.#outboundRewriter.ssrc);
    writeEvent(packet.subarray(rtp.fixedHeaderBytes), event.digit, event.isEnd, event.duration);
    if (target === undefined || !this.#isSpeaking) return;
    this.#countOut(packet.length);
    this.#wire.toPeer(packet, 0, packet.length, target);
  }

  /** Looks for what did not come; a few times a second. */
  watch(nowMs: number): void {
    for (const digit of this.#events?.expire(nowMs) ?? []) this.#tellDigit(digit);
    const silentMs = nowMs - this.#heardAtMs;
    if (this.#isSilenceTold || this.#inbound === undefined || !this.#isHearing || silentMs < this.#start.silenceMs)
      return;
    this.#isSilenceTold = true;
    this.#wire.tell({ kind: 'silence', silentMs });
  }

  noteUnreachable(): void {
    this.#counts.unreachable += 1;
  }

  get stats(): RelayStats {
    const remote = this.#latch.held;
    return {
      ...this.#counts,
      packetsLost: Math.max(0, this.#inboundRewriter?.lost ?? 0),
      ...(remote === undefined ? {} : { remote: { address: remote.address, port: remote.port } }),
    };
  }

  #expectMedia(nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#isSilenceTold = false;
  }

  #noteHeard(packet: Uint8Array, nowMs: number): void {
    this.#counts.packetsIn += 1;
    this.#counts.bytesIn += packet.length;
    this.#heardAtMs = nowMs;
    this.#isSilenceTold = false;
    if (this.#hasHeard) return;
    this.#hasHeard = true;
    this.#wire.tell({ kind: 'firstPacket' });
  }

  #countOut(bytes: number): void {
    this.#counts.packetsOut += 1;
    this.#counts.bytesOut += bytes;
  }

  /** Events end here: the other leg is told of the digit, and nobody hears it twice. */
  #hearEvent(packet: Uint8Array, rewriter: RtpRewriter, nowMs: number): void {
    const timestamp = rtp.timestamp(packet);
    rewriter.skip(packet, nowMs);
    rtp.trim(packet);
    const { start, bytes } = rtp.trimmed;
    const event = readEvent(packet.subarray(start + rtp.fixedHeaderBytes, start + bytes));
    if (event === undefined) this.#counts.malformed += 1;
    else for (const digit of this.#events?.take(event, timestamp, nowMs) ?? []) this.#tellDigit(digit);
  }

  #tellDigit(digit: Digit): void {
    this.#wire.tell({ kind: 'dtmf', ...digit });
  }

  /** A browser's event may run on another clock than the peer's. */
  #fitEvent(packet: Uint8Array, flow: OutboundFlow): void {
    const { start, bytes } = rtp.trimmed;
    if (flow.dtmf?.inside === undefined || bytes < rtp.fixedHeaderBytes + eventPayloadBytes) return;
    rescaleEvent(
      packet.subarray(start + rtp.fixedHeaderBytes, start + bytes),
      flow.dtmf.inside.clockRate,
      flow.dtmf.clockRate,
    );
  }

  #reportFromInside(packet: Uint8Array): void {
    const [target, remote, outbound, inbound] = [
      this.#latch.target,
      this.#remote,
      this.#outboundRewriter,
      this.#inboundRewriter,
    ];
    if (target === undefined || outbound.source === undefined) return;
    const bytes = translateReports(packet, {
      sent: { from: outbound.source, to: outbound.ssrc, timestampOffset: outbound.timestampOffset },
      received: { from: inbound?.ssrc ?? 0, to: inbound?.source ?? 0, sequenceOffset: inbound?.sequenceOffset ?? 0 },
    });
    if (bytes === 0) return;
    if (this.#isMuxed) return this.#wire.toPeer(packet, 0, bytes, target);
    const isWhereNamed = remote !== undefined && remote.address === target.address && remote.port === target.port;
    const port = this.#reportPort ?? (isWhereNamed ? remote.rtcpPort : target.port + 1);
    this.#wire.reportToPeer(packet, bytes, { address: target.address, port: Math.min(port, 65535) });
  }
}
