import { LegPackets } from '../../../media-edge/src/relay/leg-packets.ts';
import { receiverReport, rtpPacket, senderReport, sourceDescription } from '../../../media-edge/src/relay/packets.ts';
import * as rtp from '../../../media-edge/src/relay/rtp-packet.ts';
import { must } from '../engine/finding.ts';
import type { Target } from '../engine/target.ts';

type Place =
  | 'peer'
  | 'named'
  | 'stranger'
  | 'report'
  | 'strangersReport'
  | 'inside'
  | 'insideReport'
  | 'digit'
  | 'tick';
const places: readonly Place[] = [
  'peer',
  'named',
  'stranger',
  'report',
  'strangersReport',
  'inside',
  'insideReport',
  'digit',
  'tick',
];

/**
 * What arrives at the ports of one leg: packets one after the other, each as
 * `where (1 byte), milliseconds since the last (1), length (2)` and its bytes.
 */
export const relayTarget: Target = {
  name: 'relay',
  seeds: [
    sequence([
      ['peer', rtpPacket({ sequence: 1, timestamp: 160, ssrc: 5 })],
      ['inside', rtpPacket({ sequence: 9, timestamp: 320, ssrc: 77, extensionWords: 2 })],
      ['peer', rtpPacket({ sequence: 2, timestamp: 320, ssrc: 5, padding: 3, contributors: 1 })],
      ['peer', rtpPacket({ payloadType: 101, sequence: 3, timestamp: 480, ssrc: 5, payload: [1, 10, 0, 160] })],
      ['report', senderReport(5, 480, [{ ssrc: outsideSsrc(), highest: 5000 }])],
      ['insideReport', [...receiverReport(77, [{ ssrc: insideSsrc(), highest: 100 }]), ...sourceDescription(77)]],
      ['stranger', rtpPacket({ sequence: 3, ssrc: 6 })],
      ['digit', []],
    ]),
  ],
  dictionary: ['\x80\x00', '\x80\xc8\x00\x06', '\x81\xc9\x00\x07', '\x80\x65', '\x90\x00', '\xbe\xde\x00\x01'],
  maxBytes: 4096,
  run(input) {
    const watch = new Watch();
    const leg = readyLeg(watch);
    let nowMs = 1_000;
    for (let at = 0; at + 4 <= input.length; ) {
      const [where = 0, ms = 0] = input.subarray(at, at + 2);
      const length = rtp.read16(input, at + 2);
      nowMs += ms;
      if (places[where % places.length] === 'stranger') watch.strangers++;
      arrive(leg, {
        where: places[where % places.length] ?? 'peer',
        packet: input.slice(at + 4, at + 4 + length),
        nowMs,
      });
      at += 4 + length;
    }
    leg.watch(nowMs + 200);
    watch.check();
  },
};

/** A stranger is believed only where the peer is silent, and after so many packets of sound. */
const trialPackets = 5;
const peer = { address: '192.0.2.7', port: 5004 };
const stranger = { address: '203.0.113.9', port: 5004 };

function insideSsrc(): number {
  return 0x1515;
}

function outsideSsrc(): number {
  return 0x2626;
}

function sequence(packets: readonly (readonly [Place, ArrayLike<number>])[]): Uint8Array {
  return Buffer.concat(
    packets.map(([place, packet]) =>
      Buffer.from([places.indexOf(place), 20, packet.length >> 8, packet.length & 255, ...Array.from(packet)]),
    ),
  );
}

interface Arrival {
  readonly where: Place;
  readonly packet: Uint8Array;
  readonly nowMs: number;
}

function arrive(leg: LegPackets, { where, packet, nowMs }: Arrival): void {
  switch (where) {
    case 'peer':
      return leg.fromPeer(packet, peer.address, peer.port + 2, nowMs);
    case 'named':
      return leg.fromPeer(packet, peer.address, peer.port, nowMs);
    case 'stranger':
      return leg.fromPeer(packet, stranger.address, stranger.port, nowMs);
    case 'report':
      return leg.reportFromPeer(packet, peer.address, peer.port + 1, false);
    case 'strangersReport':
      return leg.reportFromPeer(packet, stranger.address, stranger.port, true);
    case 'inside':
    case 'insideReport':
      return leg.fromInside(packet, nowMs);
    case 'digit':
      return leg.sendDtmf('5', 100);
    case 'tick':
      return leg.tick(nowMs);
  }
}

/** Sees what the leg sends. */
class Watch {
  #strange = 0;
  /** Packets of media from somewhere else. */
  strangers = 0;

  toInside(packet: Uint8Array, start: number, bytes: number): void {
    this.#mustFit(packet, start, bytes);
    const sent = packet.slice(start, start + bytes);
    if (rtp.isRtcp(sent)) return;
    must(rtp.isRtp(sent), 'something goes in that is no RTP');
    must(rtp.ssrc(sent) === insideSsrc(), 'a packet goes in with an SSRC that nobody there knows');
    must((sent[0] ?? 0) === 0x80, 'a packet goes in with trimmings');
  }

  toPeer(packet: Uint8Array, start: number, bytes: number, to: { address: string }): void {
    this.#mustFit(packet, start, bytes);
    if (to.address !== peer.address) this.#strange++;
    const sent = packet.slice(start, start + bytes);
    if (rtp.isRtcp(sent)) return;
    must(rtp.isRtp(sent) && rtp.ssrc(sent) === outsideSsrc(), 'a packet goes out that is not of our stream');
  }

  reportToPeer(packet: Uint8Array, bytes: number, to: { address: string; port: number }): void {
    this.#mustFit(packet, 0, bytes);
    if (to.address !== peer.address) this.#strange++;
    must(to.port > 0 && to.port <= 65535, 'a report goes to a port that is none');
  }

  check(): void {
    must(this.#strange === 0 || this.strangers >= trialPackets, 'a stranger is believed too soon');
  }

  #mustFit(packet: Uint8Array, start: number, bytes: number): void {
    must(bytes >= 0 && start >= 0 && start + bytes <= packet.length, 'more is sent than there is');
  }
}

function readyLeg(watch: Watch): LegPackets {
  const leg = new LegPackets(
    {
      toInside: (packet, start, bytes) => watch.toInside(packet, start, bytes),
      toPeer: (packet, start, bytes, to) => watch.toPeer(packet, start, bytes, to),
      reportToPeer: (packet, bytes, to) => watch.reportToPeer(packet, bytes, to),
      tell: () => undefined,
    },
    {
      latch: true,
      silenceMs: 60_000,
      outbound: { ssrc: outsideSsrc(), sequence: 4999, timestamp: 70_000 },
      inbound: { sequence: 99, timestamp: 10_000 },
      nowMs: 0,
    },
  );
  leg.setRemote({ ...peer, rtcpPort: 5005 });
  const payloadType = { outside: 0, inside: 0 };
  leg.setInbound({ ssrc: insideSsrc(), clockRate: 8000, payloadType, dtmf: { outside: 101, clockRate: 8000 } }, 0);
  const inside = { payloadType: 126, clockRate: 8000 };
  leg.setOutbound({ clockRate: 8000, payloadType, dtmf: { outside: 101, clockRate: 8000, inside } });
  return leg;
}
