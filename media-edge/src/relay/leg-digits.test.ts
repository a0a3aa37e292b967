import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peer, Rig } from './leg-rig.ts';
import { eventPacket, rtpPacket } from './packets.ts';
import * as rtp from './rtp-packet.ts';

test('a digit of the peer is told once and leaves no gap in the sound', () => {
  const rig = Rig.ready();
  rig.hear({ sequence: 10, timestamp: 1600 }, 1000);
  for (let index = 0; index < 8; index += 1) {
    const packet = eventPacket({
      payloadType: 101,
      sequence: 11 + index,
      timestamp: 1760,
      event: 5,
      duration: 160 * (index + 1),
      isEnd: index > 4,
    });
    rig.leg.fromPeer(packet, peer.address, peer.port, 1020 + 20 * index);
  }
  rig.hear({ sequence: 19, timestamp: 3040 }, 1180);
  assert.deepEqual(rig.told, [{ kind: 'firstPacket' }, { kind: 'dtmf', digit: '5', durationMs: 120 }]);
  assert.deepEqual(rig.inside.map(rtp.sequence), [100, 101]);
  assert.equal(rig.leg.stats.packetsLost, 0);
});

test('a digit whose end is lost is told by the watch', () => {
  const rig = Rig.ready();
  rig.leg.fromPeer(
    eventPacket({ payloadType: 101, sequence: 1, timestamp: 9, event: 11, duration: 800 }),
    peer.address,
    peer.port,
    1000,
  );
  rig.leg.watch(1100);
  rig.leg.watch(1200);
  assert.deepEqual(rig.told.slice(1), [{ kind: 'dtmf', digit: '#', durationMs: 100 }]);
});

test('digits for the peer: one timestamp, numbers without a gap, sound pauses and goes on in time', () => {
  const rig = Rig.ready();
  rig.leg.fromInside(rtpPacket({ sequence: 1, timestamp: 160, ssrc: 77 }), 1000);
  rig.leg.sendDtmf('5', 60);
  let sequence = 2;
  for (let nowMs = 1020; nowMs <= 1200; nowMs += 20, sequence += 1) {
    if (rig.leg.isPlayingDigits) rig.leg.tick(nowMs);
    rig.leg.fromInside(rtpPacket({ sequence, timestamp: 160 * sequence, ssrc: 77 }), nowMs + 1);
  }
  const sent = rig.outside.map((item) => item.packet);
  assert.deepEqual(
    sent.map(rtp.sequence),
    sent.map((_, index) => 5000 + index),
  );
  const events = sent.filter((packet) => rtp.payloadType(packet) === 101);
  assert.equal(events.length, 6);
  assert.equal(new Set(events.map(rtp.timestamp)).size, 1);
  assert.deepEqual(events.map(rtp.hasMarker), [true, false, false, false, false, false]);
  assert.deepEqual(
    events.slice(-3).map((packet) => [...packet.subarray(12)]),
    Array.from({ length: 3 }, () => [5, 0x8a, 1, 0xe0]),
  );
  const sound = sent.filter((packet) => rtp.payloadType(packet) === 0);
  const last = sound.at(-1);
  assert.ok(last && rtp.timestamp(last) === 70_160 + 160 * (sequence - 2));
});

test('digits are sent without any sound too, and not to a peer that knows no events', () => {
  const rig = Rig.ready();
  rig.leg.sendDtmf('1', 40);
  for (let nowMs = 0; nowMs < 200; nowMs += 20) rig.leg.tick(nowMs);
  assert.equal(rig.outside.length, 5);
  const deaf = Rig.ready();
  deaf.leg.setOutbound({ clockRate: 8000, payloadType: { outside: 0, inside: 0 } });
  deaf.leg.sendDtmf('1', 40);
  assert.equal(deaf.leg.isPlayingDigits, false);
});

test('events of a browser are passed on under the number and on the clock of the peer', () => {
  const rig = new Rig();
  rig.leg.setRemote({ ...peer, rtcpPort: 5005 });
  rig.leg.setOutbound({
    clockRate: 48_000,
    payloadType: { outside: 96, inside: 111 },
    dtmf: { outside: 101, clockRate: 8000, inside: { payloadType: 110, clockRate: 48_000 } },
  });
  rig.leg.fromInside(
    eventPacket({ payloadType: 110, sequence: 1, timestamp: 9, ssrc: 77, event: 3, duration: 4800 }),
    1000,
  );
  const [sent] = rig.outside;
  assert.ok(sent);
  assert.equal(rtp.payloadType(sent.packet), 101);
  assert.deepEqual([...sent.packet.subarray(12)], [3, 10, 3, 0x20]);
});
