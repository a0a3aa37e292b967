import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rtpPacket } from './packets.ts';
import * as rtp from './rtp-packet.ts';
import { RtpRewriter } from './rtp-rewriter.ts';

const newRewriter = (sequence = 999, timestamp = 50_000): RtpRewriter =>
  new RtpRewriter({ ssrc: 0xaaaa, sequence, timestamp, clockRate: 8000 });

interface Sent {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
}

/** One packet through the rewriter; `undefined` if it was not passed on. */
function pass(
  rewriter: RtpRewriter,
  parts: Parameters<typeof rtpPacket>[0],
  nowMs: number,
  isEvent = false,
): Sent | undefined {
  const packet = rtpPacket(parts);
  if (!rewriter.rewrite(packet, nowMs, isEvent)) return undefined;
  assert.equal(rtp.ssrc(packet), 0xaaaa);
  return { sequence: rtp.sequence(packet), timestamp: rtp.timestamp(packet), marker: rtp.hasMarker(packet) };
}

test('the first packet begins the stream, with a marker', () => {
  const rewriter = newRewriter();
  assert.deepEqual(pass(rewriter, { sequence: 7, timestamp: 1000 }, 1000), {
    sequence: 1000,
    timestamp: 50_160,
    marker: true,
  });
  assert.deepEqual(pass(rewriter, { sequence: 8, timestamp: 1160 }, 1020), {
    sequence: 1001,
    timestamp: 50_320,
    marker: false,
  });
});

test('another source goes on where the first one stopped, by the time that passed', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 7, timestamp: 1000 }, 1000);
  const next = pass(rewriter, { ssrc: 2, sequence: 60_000, timestamp: 4_000_000_000 }, 3000);
  assert.deepEqual(next, { sequence: 1001, timestamp: 50_160 + 16_000, marker: true });
  assert.deepEqual(pass(rewriter, { ssrc: 2, sequence: 60_001, timestamp: 4_000_000_160 }, 3020), {
    sequence: 1002,
    timestamp: 50_160 + 16_160,
    marker: false,
  });
});

test('while the source speaks, another one needs two packets in order', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 7, timestamp: 1000 }, 1000);
  assert.equal(pass(rewriter, { ssrc: 2, sequence: 5, timestamp: 0 }, 1010), undefined);
  assert.equal(pass(rewriter, { ssrc: 3, sequence: 9, timestamp: 0 }, 1012), undefined);
  assert.equal(pass(rewriter, { ssrc: 2, sequence: 5, timestamp: 0 }, 1020), undefined);
  assert.equal(pass(rewriter, { ssrc: 2, sequence: 6, timestamp: 160 }, 1040)?.sequence, 1001);
});

test('a source that was left and sends on does not come back beside its successor', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 7, timestamp: 1000 }, 1000);
  pass(rewriter, { ssrc: 2, sequence: 5, timestamp: 0 }, 1010);
  pass(rewriter, { ssrc: 2, sequence: 6, timestamp: 160 }, 1030);
  for (let index = 0; index < 5; index += 1) {
    assert.equal(pass(rewriter, { sequence: 8 + index, timestamp: 1160 + 160 * index }, 1035 + 20 * index), undefined);
    assert.notEqual(
      pass(rewriter, { ssrc: 2, sequence: 7 + index, timestamp: 320 + 160 * index }, 1050 + 20 * index),
      undefined,
    );
  }
});

test('loss and reordering are passed on as they are, and counted', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 65_534, timestamp: 0 }, 1000);
  assert.equal(pass(rewriter, { sequence: 2, timestamp: 640 }, 1080)?.sequence, 1004);
  assert.equal(rewriter.lost, 3);
  assert.equal(pass(rewriter, { sequence: 65_535, timestamp: 160 }, 1081)?.sequence, 1001);
  assert.equal(rewriter.lost, 2);
});

test('a packet that is left out makes no gap', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1000 }, 1000);
  rewriter.skip(rtpPacket({ sequence: 11, timestamp: 1160 }), 1020);
  rewriter.skip(rtpPacket({ sequence: 12, timestamp: 1320 }), 1040);
  assert.deepEqual(pass(rewriter, { sequence: 13, timestamp: 1480 }, 1060), {
    sequence: 1001,
    timestamp: 50_640,
    marker: false,
  });
  assert.equal(rewriter.lost, 0);
});

test('what comes late from before a gap that was closed is not sent under a number in use', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1000 }, 1000);
  rewriter.skip(rtpPacket({ sequence: 12, timestamp: 1320 }), 1040);
  pass(rewriter, { sequence: 13, timestamp: 1480 }, 1060);
  assert.equal(pass(rewriter, { sequence: 11, timestamp: 1160 }, 1061), undefined);
});

test('packets of our own take numbers, the source goes on behind them', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1000 }, 1000);
  assert.equal(rewriter.insert(), 1001);
  assert.equal(rewriter.insert(), 1002);
  assert.equal(pass(rewriter, { sequence: 11, timestamp: 1160 }, 1020)?.sequence, 1003);
});

test('a restart within one source is followed at its second packet', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1000 }, 1000);
  assert.equal(pass(rewriter, { sequence: 40_000, timestamp: 90_000 }, 1020), undefined);
  const next = pass(rewriter, { sequence: 40_001, timestamp: 90_160 }, 1040);
  assert.deepEqual(next, { sequence: 1001, timestamp: 50_160 + 320, marker: true });
});

test('timestamps that start anew after hold are brought to the present', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1_000_000 }, 1000);
  const next = pass(rewriter, { sequence: 11, timestamp: 5 }, 31_000);
  assert.deepEqual(next, { sequence: 1001, timestamp: 50_160 + 240_000, marker: true });
});

test('silence of a source that counts on needs no correction', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1000 }, 1000);
  assert.deepEqual(pass(rewriter, { sequence: 11, timestamp: 1000 + 240_000 }, 31_000), {
    sequence: 1001,
    timestamp: 50_160 + 240_000,
    marker: false,
  });
});

test('a long event does not shift the clock of the sound after it', () => {
  const rewriter = newRewriter();
  pass(rewriter, { sequence: 10, timestamp: 1000 }, 1000);
  for (let index = 1; index <= 250; index += 1) {
    pass(rewriter, { sequence: 10 + index, timestamp: 1160, payloadType: 101 }, 1000 + 20 * index, true);
  }
  assert.deepEqual(pass(rewriter, { sequence: 261, timestamp: 1000 + 251 * 160 }, 6020), {
    sequence: 1251,
    timestamp: 50_160 + 251 * 160,
    marker: false,
  });
});

test('over any change of sources the stream has no gap, no step back and one SSRC', () => {
  const source = fc.record({
    ssrc: fc.integer({ min: 1, max: 0xffffffff }),
    sequence: fc.integer({ min: 0, max: 0xffff }),
    timestamp: fc.integer({ min: 0, max: 0xffffffff }),
    packets: fc.integer({ min: 1, max: 20 }),
    pauseMs: fc.integer({ min: 120, max: 60_000 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(source, { minLength: 1, maxLength: 8, selector: ({ ssrc }) => ssrc }), (sources) => {
      const rewriter = newRewriter(65_530, 0xffff_f000);
      let nowMs = 1;
      let last: Sent | undefined;
      for (const { pauseMs, packets, ...start } of sources) {
        nowMs += pauseMs;
        for (let index = 0; index < packets; index += 1, nowMs += 20) {
          const sent = pass(
            rewriter,
            { ...start, sequence: (start.sequence + index) & 0xffff, timestamp: (start.timestamp + 160 * index) >>> 0 },
            nowMs,
          );
          assert.ok(sent, 'every packet after a pause is passed on');
          if (last !== undefined) {
            assert.equal(rtp.sequenceDistance(last.sequence, sent.sequence), 1);
            assert.ok((sent.timestamp - last.timestamp) >> 0 > 0);
          }
          last = sent;
        }
      }
    }),
  );
});
