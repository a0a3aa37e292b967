import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { insideSsrc, outsideSsrc, peer, Rig } from './leg-rig.ts';
import { receiverReport, rtpPacket, senderReport } from './packets.ts';
import * as rtp from './rtp-packet.ts';

test('sound of the peer goes in under the number, the SSRC and without the trimmings that the router does not know', () => {
  const rig = Rig.ready({ payloadType: 96 });
  rig.hear({ payloadType: 96, sequence: 7, timestamp: 1000, ssrc: 5, extensionWords: 2, padding: 2 }, 1000);
  const [packet] = rig.inside;
  assert.ok(packet);
  assert.deepEqual(
    packet,
    rtpPacket({ payloadType: 0, sequence: 100, timestamp: 10_160, ssrc: insideSsrc, marker: true }),
  );
  assert.deepEqual(rig.told, [{ kind: 'firstPacket' }]);
});

test('sound of the router goes out to the address of the SDP before anything is heard', () => {
  const rig = Rig.ready({ payloadType: 96 });
  rig.leg.fromInside(rtpPacket({ payloadType: 0, sequence: 3, timestamp: 9, ssrc: 77, extensionWords: 1 }), 1000);
  assert.deepEqual(rig.outside, [
    {
      packet: rtpPacket({ payloadType: 96, sequence: 5000, timestamp: 70_160, ssrc: outsideSsrc, marker: true }),
      to: '192.0.2.7:5004',
    },
  ]);
});

test('nothing passes before the flows are known', () => {
  const rig = new Rig();
  rig.hear({}, 1000);
  rig.leg.fromInside(rtpPacket(), 1000);
  assert.deepEqual([rig.inside, rig.outside], [[], []]);
  assert.equal(rig.leg.stats.unexpected, 1);
});

test('strangers, other formats and no RTP at all are dropped and counted', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 1 }, 1000);
  for (let index = 0; index < 10; index += 1)
    rig.hear({ sequence: index }, 1000 + index, { address: '203.0.113.9', port: 5004 });
  rig.hear({ payloadType: 18 }, 1020);
  rig.leg.fromPeer(Uint8Array.of(1, 2, 3), peer.address, peer.port, 1030);
  assert.equal(rig.inside.length, 1);
  const { strangers, unexpected, malformed, packetsIn } = rig.leg.stats;
  assert.deepEqual(
    { strangers, unexpected, malformed, packetsIn },
    { strangers: 10, unexpected: 1, malformed: 1, packetsIn: 1 },
  );
});

test('after a change of address both ways go on without a break', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 1, timestamp: 160, ssrc: 5 }, 1000);
  rig.leg.fromInside(rtpPacket({ sequence: 50, timestamp: 800, ssrc: 77 }), 1000);
  const moved = { address: '192.0.2.8', port: 6000 };
  rig.leg.setRemote({ ...moved, rtcpPort: 6001 });
  rig.leg.fromInside(rtpPacket({ sequence: 51, timestamp: 960, ssrc: 77 }), 1020);
  rig.hear({ sequence: 9000, timestamp: 5, ssrc: 6 }, 1200, moved);
  assert.deepEqual(
    rig.outside.map((item) => item.to),
    ['192.0.2.7:5004', '192.0.2.8:6000'],
  );
  assert.deepEqual(
    rig.outside.map((item) => rtp.sequence(item.packet)),
    [5000, 5001],
  );
  assert.deepEqual(rig.inside.map(rtp.sequence), [100, 101]);
  assert.deepEqual(rig.inside.map(rtp.ssrc), [insideSsrc, insideSsrc]);
});

test('an address that names nobody changes nothing', () => {
  const rig = Rig.ready();
  rig.leg.setRemote({ address: '0.0.0.0', port: 5004, rtcpPort: 5005 });
  rig.leg.setRemote({ address: '192.0.2.9', port: 0, rtcpPort: 1 });
  rig.leg.fromInside(rtpPacket(), 1000);
  assert.deepEqual(
    rig.outside.map((item) => item.to),
    ['192.0.2.7:5004'],
  );
});

test('another source of the router (a transfer) is the same stream to the peer', () => {
  const rig = Rig.ready();
  rig.leg.fromInside(rtpPacket({ sequence: 50, timestamp: 800, ssrc: 77 }), 1000);
  rig.leg.fromInside(rtpPacket({ sequence: 9, timestamp: 3, ssrc: 78 }), 2000);
  assert.deepEqual(
    rig.outside.map((item) => [rtp.sequence(item.packet), rtp.timestamp(item.packet), rtp.ssrc(item.packet)]),
    [
      [5000, 70_160, outsideSsrc],
      [5001, 78_160, outsideSsrc],
    ],
  );
});

test('directions: what our answer rules out is neither sent nor passed on', () => {
  const rig = Rig.ready();
  rig.leg.setDirection('sendonly', 0);
  rig.hear({ sequence: 1 }, 10);
  rig.leg.fromInside(rtpPacket({ sequence: 1 }), 10);
  assert.deepEqual([rig.inside.length, rig.outside.length], [0, 1]);
  rig.leg.setDirection('recvonly', 20);
  rig.hear({ sequence: 2 }, 30);
  rig.leg.fromInside(rtpPacket({ sequence: 2 }), 30);
  assert.deepEqual([rig.inside.length, rig.outside.length], [1, 1]);
});

test('silence is told once, and not where none is expected', () => {
  const rig = Rig.ready({ silenceMs: 1000 });
  rig.leg.watch(900);
  rig.leg.watch(1100);
  rig.leg.watch(1300);
  assert.deepEqual(rig.told, [{ kind: 'silence', silentMs: 1100 }]);
  const held = Rig.ready({ silenceMs: 1000 });
  held.leg.setDirection('sendonly', 0);
  held.leg.watch(5000);
  assert.deepEqual(held.told, []);
  held.leg.setDirection('sendrecv', 5000);
  held.leg.watch(5500);
  assert.deepEqual(held.told, []);
  held.leg.watch(6000);
  assert.deepEqual(held.told, [{ kind: 'silence', silentMs: 1000 }]);
});

test('reports are translated both ways, and reach the port that the peer reports from', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 10, timestamp: 1000, ssrc: 5 }, 1000);
  rig.leg.fromInside(rtpPacket({ sequence: 50, timestamp: 800, ssrc: 77 }), 1000);
  rig.leg.fromInside(Uint8Array.from(senderReport(77, 800, [{ ssrc: insideSsrc, highest: 100 }])), 1010);
  assert.deepEqual(rig.reports, [
    { packet: Uint8Array.from(senderReport(outsideSsrc, 70_160, [{ ssrc: 5, highest: 10 }])), to: '192.0.2.7:5005' },
  ]);
  rig.leg.reportFromPeer(
    Uint8Array.from(receiverReport(5, [{ ssrc: outsideSsrc, highest: 5000 }])),
    peer.address,
    62_000,
    false,
  );
  assert.deepEqual(rig.inside.at(-1), Uint8Array.from(receiverReport(insideSsrc, [{ ssrc: 77, highest: 50 }])));
  rig.leg.fromInside(Uint8Array.from(senderReport(77, 800)), 1020);
  assert.equal(rig.reports.at(-1)?.to, '192.0.2.7:62000');
});

test('a peer that uses one port for both gets its reports there', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 10, ssrc: 5 }, 1000);
  rig.leg.fromInside(rtpPacket({ sequence: 50, ssrc: 77 }), 1000);
  rig.leg.fromPeer(Uint8Array.from(receiverReport(5, [])), peer.address, peer.port, 1010);
  rig.leg.fromInside(Uint8Array.from(senderReport(77, 800)), 1020);
  assert.equal(rig.reports.length, 0);
  assert.equal(rig.outside.at(-1)?.to, '192.0.2.7:5004');
});

test('reports of strangers are dropped', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 10, ssrc: 5 }, 1000);
  rig.leg.reportFromPeer(Uint8Array.from(receiverReport(5, [])), '203.0.113.9', 5005, false);
  assert.equal(rig.leg.stats.strangers, 1);
});

test('no packet from anywhere throws', () => {
  const rig = Rig.ready();
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 120 }),
      fc.constantFrom(0x80, 0x90, 0xa0, 0xbf, 0x00),
      fc.nat(),
      (bytes, first, nowMs) => {
        if (bytes.length > 0) bytes[0] = first;
        rig.leg.fromPeer(bytes.slice(), peer.address, peer.port, nowMs);
        rig.leg.fromInside(bytes.slice(), nowMs);
        rig.leg.reportFromPeer(bytes.slice(), peer.address, 5005, false);
        rig.leg.watch(nowMs);
      },
    ),
    { numRuns: 5000 },
  );
});
