/** A leg with hands in place of sockets; for tests. */
import type { MediaKind } from '../call/media.ts';
import type { RelayEvent } from '../ports/relay.ts';
import { LegPackets } from './leg-packets.ts';
import { rtpPacket } from './packets.ts';

export const peer = { address: '192.0.2.7', port: 5004 };
export const insideSsrc = 0x1515;
export const outsideSsrc = 0x2626;

export interface RigOptions {
  readonly latch?: boolean;
  readonly media?: MediaKind;
  readonly silenceMs?: number;
  readonly payloadType?: number;
  readonly isDeaf?: boolean;
}

/** A leg between PCMU 0 of the peer and 0 of the router, events 101 outside and 126 inside. */
export class Rig {
  readonly inside: Uint8Array[] = [];
  readonly outside: { packet: Uint8Array; to: string }[] = [];
  readonly reports: { packet: Uint8Array; to: string }[] = [];
  readonly told: RelayEvent[] = [];
  readonly leg: LegPackets;

  constructor(options: { latch?: boolean; media?: MediaKind; silenceMs?: number } = {}) {
    this.leg = new LegPackets(
      {
        toInside: (packet, start, bytes) => this.inside.push(packet.slice(start, start + bytes)),
        toPeer: (packet, start, bytes, to) =>
          this.outside.push({ packet: packet.slice(start, start + bytes), to: `${to.address}:${to.port}` }),
        reportToPeer: (packet, bytes, to) =>
          this.reports.push({ packet: packet.slice(0, bytes), to: `${to.address}:${to.port}` }),
        tell: (event) => this.told.push(event),
      },
      {
        latch: options.latch ?? true,
        kind: options.media,
        silenceMs: options.silenceMs ?? 60_000,
        outbound: { ssrc: outsideSsrc, sequence: 4999, timestamp: 70_000 },
        inbound: { sequence: 99, timestamp: 10_000 },
        nowMs: 0,
      },
    );
  }

  /** With both flows set, as after offer and answer. */
  static ready(options: RigOptions = {}): Rig {
    const rig = new Rig(options);
    rig.leg.setRemote({ ...peer, rtcpPort: 5005 });
    rig.leg.setInbound(
      {
        ssrc: insideSsrc,
        clockRate: 8000,
        payloadType: { outside: options.payloadType ?? 0, inside: 0 },
        dtmf: { outside: 101, clockRate: 8000 },
        isDeafToFeedback: options.isDeaf,
      },
      0,
    );
    rig.leg.setOutbound({
      clockRate: 8000,
      payloadType: { outside: options.payloadType ?? 0, inside: 0 },
      dtmf: { outside: 101, clockRate: 8000, inside: { payloadType: 126, clockRate: 8000 } },
    });
    return rig;
  }

  hear(parts: Parameters<typeof rtpPacket>[0], nowMs: number, from = peer): void {
    this.leg.fromPeer(rtpPacket(parts), from.address, from.port, nowMs);
  }
}
