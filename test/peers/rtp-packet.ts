import assert from 'node:assert/strict';
import { peakHz } from './tone.ts';

/** An RTP packet as a phone gets it (RFC 3550 s. 5.1). */
export interface HeardPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly hasExtension: boolean;
  readonly payload: Buffer;
}

/** @param packet without contributing sources, which nobody here sends */
export const readPacket = (packet: Buffer): HeardPacket => ({
  payloadType: packet.readUInt8(1) & 0x7f,
  marker: packet.readUInt8(1) >= 0x80,
  sequence: packet.readUInt16BE(2),
  timestamp: packet.readUInt32BE(4),
  ssrc: packet.readUInt32BE(8),
  hasExtension: (packet.readUInt8(0) & 0x10) !== 0,
  payload: packet.subarray(12),
});

/** What is heard is one stream: one SSRC, no number left out or used twice. */
export function assertWhole(heard: readonly HeardPacket[]): void {
  assert.equal(new Set(heard.map((packet) => packet.ssrc)).size, 1);
  const jumps = heard.slice(1).flatMap(({ sequence }, index) => {
    const step = (sequence - (heard[index]?.sequence ?? 0)) & 0xffff;
    return step === 1 ? [] : [`packet ${index + 1} of ${heard.length}: by ${step}`];
  });
  assert.deepEqual(jumps, [], 'the sequence numbers jump');
  assert.ok(
    heard.every((packet) => !packet.hasExtension),
    'phones of old choke on header extensions',
  );
}

/** @returns the strongest frequency in the last second of PCMU, Hz */
export function pcmuHz(heard: readonly HeardPacket[]): number {
  const samples = Buffer.concat(heard.filter(({ payloadType }) => payloadType === 0).map(({ payload }) => payload));
  return peakHz(Float64Array.from(samples.subarray(-8000), fromMuLaw), 8000);
}

/** ITU-T G.711. */
function fromMuLaw(byte: number): number {
  const inverted = ~byte & 0xff;
  const magnitude = ((((inverted & 0x0f) << 3) + 132) << ((inverted >> 4) & 7)) - 132;
  return inverted >= 0x80 ? -magnitude : magnitude;
}

/** A whole stream that never paused: each packet, 20 ms of a codec at 8 kHz, begins where the one before ended. */
export function assertUnbroken(heard: readonly HeardPacket[]): void {
  assertWhole(heard);
  const first = heard[0]?.timestamp ?? 0;
  assert.deepEqual(
    heard.map((packet) => packet.timestamp),
    heard.map((_, index) => (first + 160 * index) % 2 ** 32),
  );
}
