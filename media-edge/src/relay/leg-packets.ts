/**
 * All that happens to the packets of one leg, without sockets and clock: each method takes one packet and
 * the present, and sends at most one. This is the path that every packet of every call takes, so nothing
 * is copied or allocated on it.
 *
 *     peer --RTP--> fromPeer ----> wire.toInside      media plane
 *     peer <--RTP-- wire.toPeer <---- fromInside      media plane
 */
import type { Direction, MediaKind } from '../call/media.ts';
import type { InboundFlow, OutboundFlow, RelayStats, RemoteAddress, Security } from '../ports/relay.ts';
import { Latch, type Remote } from './latch.ts';
import { LegReports, type LegStreams } from './leg-reports.ts';
import { LegSeal, reportWire } from './leg-seal.ts';
import type { LegWire } from './leg-wire.ts';
import { PacketAllowance } from './packet-allowance.ts';
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
  /** Sound when left out. */
  readonly kind?: MediaKind;
  /** Of our stream towards the peer: random (RFC 3550 s. 5.1). */
  readonly outbound: { readonly ssrc: number; readonly sequence: number; readonly timestamp: number };
  /** Of the stream to the media plane. */
  readonly inbound: { readonly sequence: number; readonly timestamp: number };
  /** RTP silence to be told, in ms. */
  readonly silenceMs: number;
  readonly nowMs: number;
}

/** Other numbers than the peer's usual one that are no surprise; 13 is comfort noise everywhere (RFC 3389 s. 4). */
const isBeside = ({ dtmf, alsoOutside }: InboundFlow, number: number): boolean =>
  number === dtmf?.outside || number === 13 || alsoOutside?.includes(number) === true;

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
  readonly #reports: LegReports;
  #seal: LegSeal | undefined;
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
    this.#allowance = new PacketAllowance(start.nowMs, start.kind);
    this.#latch = new Latch(start.latch);
    this.#reports = new LegReports(
      reportWire(wire, () => this.#seal),
      this.#latch,
      start.kind ?? 'audio',
    );
    this.#outboundRewriter = new RtpRewriter({ ...start.outbound, clockRate: 8000, kind: start.kind });
    this.#heardAtMs = start.nowMs;
  }

  /** An address that names nobody, as in the old way of holding (RFC 3264 s. 8.4), changes nothing. */
  setRemote(remote: RemoteAddress): void {
    if (remote.port === 0 || remote.address === '0.0.0.0' || remote.address === '::') return;
    this.#reports.setRemote(remote);
    this.#latch.name(remote);
  }

  setInbound(flow: InboundFlow, nowMs: number): void {
    if (this.#inboundRewriter?.ssrc !== flow.ssrc) {
      const { inbound, kind } = this.#start;
      this.#inboundRewriter = new RtpRewriter({ ...inbound, kind, ssrc: flow.ssrc, clockRate: flow.clockRate });
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

  /** From now on; a packet that is under way in the old way is lost. */
  setSecurity(security: Security | undefined): void {
    this.#seal = security && new LegSeal(security, this.#wire, this.#seal);
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
  fromPeer(received: Uint8Array, address: string, port: number, nowMs: number): void {
    if (rtp.isRtcp(received)) return this.reportFromPeer(received, address, port, true);
    const packet = this.#seal === undefined ? received : this.#seal.open(received);
    if (packet === undefined) {
      this.#counts.strangers += 1;
      return;
    }
    if (!rtp.isRtp(packet)) {
      this.#counts.malformed += 1;
      return;
    }
    const flow = this.#inbound;
    const number = rtp.payloadType(packet);
    if (flow === undefined || (number !== flow.payloadType.outside && !isBeside(flow, number)))
      return this.#noteUnexpected();
    if (!this.#latch.accepts(address, port, nowMs)) {
      this.#counts.strangers += 1;
      return;
    }
    if (!this.#allowance.take(nowMs)) return this.#noteUnexpected();
    this.#noteHeard(packet, nowMs);
    if (!this.#isHearing || this.#inboundRewriter === undefined) return;
    if (number !== flow.payloadType.outside && !flow.alsoOutside?.includes(number))
      return this.#hearBeside(packet, this.#inboundRewriter, nowMs);
    if (!this.#inboundRewriter.rewrite(packet, nowMs, false)) return;
    rtp.setPayloadType(packet, flow.payloadType.inside);
    rtp.trim(packet);
    this.#wire.toInside(packet, rtp.trimmed.start, rtp.trimmed.bytes);
  }

  /** A packet of the media plane: RTP and RTCP come to one port. */
  fromInside(packet: Uint8Array, nowMs: number): void {
    if (rtp.isRtcp(packet))
      return this.#reports.fromInside(packet, this.#streams, this.#inbound?.isDeafToFeedback === true, nowMs);
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
    this.#send(packet, rtp.trimmed.start, rtp.trimmed.bytes, target);
  }

  /** A packet on our RTCP port, or a report on the RTP port of a peer that uses one port for both. */
  reportFromPeer(received: Uint8Array, address: string, port: number, isOnRtpPort: boolean): void {
    const packet = this.#seal === undefined ? received : this.#seal.openReport(received);
    if (packet === undefined || !rtp.isRtcp(packet) || this.#latch.target?.address !== address) {
      this.#counts.strangers += 1;
      return;
    }
    this.#reports.fromPeer(packet, isOnRtpPort ? undefined : port, this.#streams);
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
    this.#send(packet, 0, packet.length, target);
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

  #send(packet: Uint8Array, start: number, bytes: number, target: Remote): void {
    this.#counts.packetsOut += 1;
    this.#counts.bytesOut += bytes;
    if (this.#seal === undefined) this.#wire.toPeer(packet, start, bytes, target);
    else this.#seal.send(packet, start, bytes, target);
  }

  get #streams(): LegStreams {
    return { inbound: this.#inboundRewriter, outbound: this.#outboundRewriter };
  }

  /** Comfort noise ends here: the listener's own player fills the silence, and counts no packet as lost. */
  #hearBeside(packet: Uint8Array, rewriter: RtpRewriter, nowMs: number): void {
    if (rtp.payloadType(packet) === this.#inbound?.dtmf?.outside) this.#hearEvent(packet, rewriter, nowMs);
    else rewriter.skip(packet, nowMs);
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
}
