import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameLengths } from './frame-lengths.ts';

/** A masked text frame, as clients send it. */
const frame = (length: number): Buffer => {
  const mask = Buffer.alloc(4, 7);
  const payload = Buffer.alloc(length, 0x61);
  if (length < 126) return Buffer.concat([Buffer.from([0x81, 0x80 | length]), mask, payload]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head[0] = 0x81;
  head[1] = 0x80 | (length < 65_536 ? 126 : 127);
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, mask, payload]);
};

test('the lengths of frames are read however the bytes are cut', () => {
  const wanted = [0, 5, 125, 126, 300, 65_535, 65_536, 1];
  const bytes = Buffer.concat(wanted.map(frame));
  for (const piece of [1, 2, 3, 7, 13, 14, 15, 1000, bytes.length]) {
    const lengths = new FrameLengths();
    const seen: number[] = [];
    for (let at = 0; at < bytes.length; at += piece) seen.push(...lengths.push(bytes.subarray(at, at + piece)));
    assert.deepEqual(seen, wanted, `pieces of ${piece}`);
  }
});
