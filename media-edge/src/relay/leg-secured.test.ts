import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Security } from '../ports/relay.ts';
import { insideSsrc, outsideSsrc, peer, Rig } from './leg-rig.ts';
import { receiverReport, rtpPacket, senderReport } from './packets.ts';
import { message } from './srtp/authenticator.ts';
import { SrtpReceiver } from './srtp/srtp-receiver.ts';
import { SrtpSender } from './srtp/srtp-sender.ts';

const keyOf = (fill: number) => ({ suite: 'AES_CM_128_HMAC_SHA1_80' as const, keyAndSalt: Buffer.alloc(30, fill) });
const security: Security = { inbound: keyOf(1), outbound: keyOf(2) };

/** The peer's end of the keys. */
class Peer {
  readonly sender = new SrtpSender(security.inbound);
  readonly receiver = new SrtpReceiver(security.outbound);

  seals(packet: Uint8Array): Uint8Array {
    return message.slice(0, this.sender.seal(packet, 0, packet.length));
  }

  sealsReport(packet: Uint8Array): Uint8Array {
    return message.slice(0, this.sender.sealReport(packet, packet.length));
  }
}

function secured(): { rig: Rig; phone: Peer } {
  const rig = Rig.ready();
  rig.leg.setSecurity(security);
  return { rig, phone: new Peer() };
}

test('encrypted sound of the peer goes in clear, and that of the router goes out encrypted', () => {
  const { rig, phone } = secured();
  const sound = rtpPacket({ sequence: 7, timestamp: 1000, ssrc: 5, payload: [1, 2, 3] });
  rig.leg.fromPeer(phone.seals(sound), peer.address, peer.port, 1000);
  assert.deepEqual(rig.inside.at(-1)?.subarray(12), Uint8Array.of(1, 2, 3));
  rig.leg.fromInside(rtpPacket({ sequence: 3, ssrc: 77, payload: [4, 5, 6] }), 1000);
  const sent = rig.outside.at(-1)?.packet ?? new Uint8Array();
  assert.notDeepEqual(sent.subarray(12, 15), Uint8Array.of(4, 5, 6));
  assert.deepEqual(new Uint8Array(phone.receiver.open(sent) ?? []).subarray(12), Uint8Array.of(4, 5, 6));
});

test('who has no key is a stranger, and never becomes the peer', () => {
  const { rig } = secured();
  for (let sequence = 0; sequence < 10; sequence += 1)
    rig.leg.fromPeer(rtpPacket({ sequence }), '203.0.113.9', 4000, 1000 + sequence);
  assert.equal(rig.inside.length, 0);
  assert.equal(rig.leg.stats.strangers, 10);
  assert.equal(rig.leg.stats.remote, undefined);
});

test('reports are encrypted both ways, on their own port and on that of the sound', () => {
  const { rig, phone } = secured();
  rig.leg.fromPeer(phone.seals(rtpPacket({ ssrc: 5 })), peer.address, peer.port, 1000);
  rig.leg.fromInside(rtpPacket({ ssrc: 77 }), 1000);
  const report = Uint8Array.from(receiverReport(5, [{ ssrc: outsideSsrc, highest: 4999 }]));
  rig.leg.reportFromPeer(phone.sealsReport(report), peer.address, 5005, false);
  assert.equal(rig.inside.length, 2);
  rig.leg.fromInside(Uint8Array.from(senderReport(77, 160)), 1001);
  const sent = rig.reports.at(-1)?.packet ?? new Uint8Array();
  assert.equal(phone.receiver.openReport(sent)?.[1], 200);
  rig.leg.fromPeer(phone.sealsReport(report), peer.address, peer.port, 1002);
  rig.leg.fromInside(Uint8Array.from(senderReport(77, 160)), 1003);
  assert.equal(phone.receiver.openReport(rig.outside.at(-1)?.packet ?? new Uint8Array())?.[1], 200);
});

test('the same keys again change nothing: no number is used twice under one key', () => {
  const { rig, phone } = secured();
  rig.leg.fromInside(rtpPacket({ sequence: 65_535, ssrc: 77 }), 1000);
  rig.leg.fromInside(rtpPacket({ sequence: 0, ssrc: 77 }), 1020);
  rig.leg.setSecurity(structuredClone(security));
  rig.leg.fromInside(rtpPacket({ sequence: 1, ssrc: 77 }), 1040);
  for (const { packet } of rig.outside) assert.ok(phone.receiver.open(packet));
  rig.leg.setSecurity(undefined);
  rig.hear({ ssrc: 5 }, 1060);
  assert.equal(rig.inside.length, 1);
});

test('comfort noise is heard of, and its number is not missed', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 1, timestamp: 160, ssrc: 5 }, 1000);
  rig.hear({ payloadType: 13, sequence: 2, timestamp: 320, ssrc: 5, payload: [40] }, 1020);
  rig.hear({ sequence: 3, timestamp: 1600, ssrc: 5 }, 1180);
  const numbers = rig.inside.map((packet) => ((packet[2] ?? 0) << 8) | (packet[3] ?? 0));
  assert.deepEqual(numbers, [100, 101]);
  assert.deepEqual([rig.leg.stats.packetsIn, rig.leg.stats.packetsLost], [3, 0]);
});

test('a picture: what the router asks goes behind a report, and is told where the peer may not hear it', () => {
  const rig = Rig.ready({ media: 'video', isDeaf: true });
  rig.hear({ sequence: 1, ssrc: 5 }, 1000);
  const asked = Uint8Array.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0x15, 0x15]);
  assert.equal(insideSsrc, 0x1515);
  rig.leg.fromInside(asked.slice(), 1010);
  rig.leg.fromInside(asked.slice(), 1020);
  const [first] = rig.reports;
  assert.deepEqual(
    [...(first?.packet ?? [])],
    [0x80, 201, 0, 1, 0, 0, 0x26, 0x26, 0x81, 206, 0, 2, 0, 0, 0x26, 0x26, 0, 0, 0, 5],
  );
  assert.equal(rig.told.filter(({ kind }) => kind === 'keyFrameWanted').length, 1);
});

test('a picture that a new sender begins gets no marker: that would end it', () => {
  const rig = Rig.ready({ media: 'video' });
  rig.hear({ sequence: 1, ssrc: 5 }, 1000);
  rig.hear({ sequence: 900, ssrc: 6 }, 2000);
  assert.deepEqual(
    rig.inside.map((packet) => (packet[1] ?? 0) >> 7),
    [0, 0],
  );
});
