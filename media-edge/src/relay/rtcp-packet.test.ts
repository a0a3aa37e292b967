import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { otherReport, receiverReport, senderReport, sourceDescription } from './packets.ts';
import { type ReportMap, translateReports } from './rtcp-packet.ts';

const map: ReportMap = {
  sent: { from: 10, to: 20, timestampOffset: 1000 },
  received: { from: 30, to: 40, sequenceOffset: 5 },
};

function translated(...parts: readonly number[][]): number[] {
  const packet = Uint8Array.from(parts.flat());
  return [...packet.subarray(0, translateReports(packet, map))];
}

test('a sender report gets the names and the clock of the other side', () => {
  assert.deepEqual(
    translated(senderReport(10, 500, [{ ssrc: 30, highest: 0x0001_0003 }])),
    senderReport(20, 1500, [{ ssrc: 40, highest: 0x0001_fffe }]),
  );
});

test('blocks about other streams are taken out', () => {
  assert.deepEqual(
    translated(
      receiverReport(10, [
        { ssrc: 77, highest: 1 },
        { ssrc: 30, highest: 100 },
        { ssrc: 78, highest: 1 },
      ]),
    ),
    receiverReport(20, [{ ssrc: 40, highest: 95 }]),
  );
});

test('the name of the sender stays, feedback and goodbye do not', () => {
  assert.deepEqual(
    translated(
      senderReport(10, 0),
      sourceDescription(10),
      otherReport(203, 10),
      otherReport(205, 10),
      sourceDescription(99),
    ),
    [...senderReport(20, 1000), ...sourceDescription(20)],
  );
});

test('a compound packet without a report of ours is not sent', () => {
  assert.deepEqual(translated(senderReport(99, 0), sourceDescription(10)), []);
  assert.deepEqual(translated(otherReport(206, 10)), []);
});

test('a part that says it ends before its author is named gives nothing', () => {
  const nobodys = [0x80, 201, 0, 0];
  assert.deepEqual(translated(...Array.from({ length: 5 }, () => nobodys)), []);
  assert.deepEqual(translated(nobodys, senderReport(10, 0), nobodys, nobodys), senderReport(20, 1000));
});

test('a compound packet cut at any byte gives whole reports or nothing', () => {
  const whole = [
    ...senderReport(10, 500, [{ ssrc: 30, highest: 9 }]),
    ...receiverReport(10, [{ ssrc: 30, highest: 9 }]),
    ...sourceDescription(10),
  ];
  for (let bytes = 0; bytes <= whole.length; bytes += 1) {
    const packet = Uint8Array.from(whole.slice(0, bytes));
    const kept = translateReports(packet, map);
    assert.ok(kept % 4 === 0 && kept <= bytes);
  }
});

test('whatever comes, no more is sent than came', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(200, 201, 202, 205), (bytes, type) => {
      bytes.set([0x81, type, 0, 7].slice(0, bytes.length));
      return translateReports(bytes, map) <= bytes.length;
    }),
    { numRuns: 2000 },
  );
});

describe('feedback about pictures', () => {
  const map = {
    sent: { from: 0x11, to: 0x99, timestampOffset: 0 },
    received: { from: 0x22, to: 0x77, sequenceOffset: 1000 },
    hasFeedback: true,
  };
  const bytes = (...words: number[]) =>
    Uint8Array.from(words.flatMap((word) => [24, 16, 8, 0].map((by) => (word >>> by) & 0xff)));

  test('a lost picture is asked of the stream on the other side', () => {
    const packet = bytes(0x81ce0002, 0x11, 0x22);
    assert.equal(translateReports(packet, map), 12);
    assert.deepEqual(packet, bytes(0x81ce0002, 0x99, 0x77));
  });

  test('a full intra request names its stream behind the header', () => {
    const packet = bytes(0x84ce0004, 0x11, 0, 0x22, 0x05000000);
    assert.equal(translateReports(packet, map), 20);
    assert.deepEqual(packet, bytes(0x84ce0004, 0x99, 0, 0x77, 0x05000000));
  });

  test('lost packets are asked for by the numbers of the other side', () => {
    const packet = bytes(0x81cd0004, 0x11, 0x22, 0x04000001, 0x00010002);
    assert.equal(translateReports(packet, map), 20);
    assert.deepEqual(packet, bytes(0x81cd0004, 0x99, 0x77, 0x00180001, 0xfc190002));
  });

  test('it is left out where it means another stream, another thing, or a leg of sound', () => {
    assert.equal(translateReports(bytes(0x81ce0002, 0x11, 0x23), map), 0);
    assert.equal(translateReports(bytes(0x8fce0003, 0x11, 0x22, 0x52454d42), map), 0);
    assert.equal(translateReports(bytes(0x81ce0001, 0x11), map), 0);
    assert.equal(translateReports(bytes(0x81ce0002, 0x11, 0x22), { ...map, hasFeedback: false }), 0);
  });
});

test('whatever comes, never more is sent on than has come', () => {
  const part = fc
    .tuple(fc.integer({ min: 0x80, max: 0x9f }), fc.integer({ min: 199, max: 207 }), fc.integer({ min: 0, max: 3 }))
    .chain(([first, type, words]) =>
      fc.uint8Array({ minLength: words * 4, maxLength: words * 4 }).map((rest) => [first, type, 0, words, ...rest]),
    );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const packet = Uint8Array.from(parts.flat());
      assert.ok(translateReports(packet, { ...map, hasFeedback: true }) <= packet.length);
    }),
    { numRuns: 2000 },
  );
});
