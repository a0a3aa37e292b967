/** Packets for tests. */
export interface PacketParts {
  readonly payloadType?: number;
  readonly sequence?: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly marker?: boolean;
  readonly payload?: readonly number[];
  /** A one-byte header extension of so many 32-bit words. */
  readonly extensionWords?: number;
  readonly contributors?: number;
  readonly padding?: number;
}

/** An RTP packet (RFC 3550 s. 5.1). */
export function rtpPacket(parts: PacketParts = {}): Uint8Array {
  const { extensionWords, contributors = 0, padding = 0, payload = [1, 2, 3, 4] } = parts;
  const first = 0x80 | (padding > 0 ? 0x20 : 0) | (extensionWords === undefined ? 0 : 0x10) | contributors;
  const extension =
    extensionWords === undefined
      ? []
      : [0xbe, 0xde, 0, extensionWords, ...Array.from({ length: extensionWords * 4 }, () => 0)];
  return Uint8Array.from([
    first,
    (parts.marker ? 0x80 : 0) | (parts.payloadType ?? 0),
    ...bytesOf(parts.sequence ?? 1, 2),
    ...bytesOf(parts.timestamp ?? 160, 4),
    ...bytesOf(parts.ssrc ?? 0x1111, 4),
    ...Array.from({ length: contributors * 4 }, () => 7),
    ...extension,
    ...payload,
    ...Array.from({ length: padding }, (_, index) => (index === padding - 1 ? padding : 0)),
  ]);
}

/** One packet of a telephone event (RFC 4733 s. 2.3). */
export const eventPacket = (parts: PacketParts & { event: number; isEnd?: boolean; duration: number }): Uint8Array =>
  rtpPacket({ ...parts, payload: [parts.event, (parts.isEnd ? 0x80 : 0) | 10, ...bytesOf(parts.duration, 2)] });

interface Block {
  readonly ssrc: number;
  readonly highest: number;
}

const blockBytes = (block: Block): number[] => [
  ...bytesOf(block.ssrc, 4),
  ...[0, 0, 0, 0],
  ...bytesOf(block.highest, 4),
  ...Array.from({ length: 12 }, () => 0),
];

const reportBytes = (type: number, count: number, body: readonly number[]): number[] => [
  0x80 | count,
  type,
  ...bytesOf(body.length / 4, 2),
  ...body,
];

/** Sender report with its blocks (RFC 3550 s. 6.4.1). */
export const senderReport = (ssrc: number, timestamp: number, blocks: readonly Block[] = []): number[] =>
  reportBytes(200, blocks.length, [
    ...bytesOf(ssrc, 4),
    ...Array.from({ length: 8 }, () => 9),
    ...bytesOf(timestamp, 4),
    ...bytesOf(50, 4),
    ...bytesOf(8000, 4),
    ...blocks.flatMap(blockBytes),
  ]);

export const receiverReport = (ssrc: number, blocks: readonly Block[]): number[] =>
  reportBytes(201, blocks.length, [...bytesOf(ssrc, 4), ...blocks.flatMap(blockBytes)]);

/** A source description with one short CNAME (RFC 3550 s. 6.5). */
export const sourceDescription = (ssrc: number): number[] => reportBytes(202, 1, [...bytesOf(ssrc, 4), 1, 1, 0x61, 0]);

/** Anything that is no report: a goodbye, feedback, an application's own. */
export const otherReport = (type: number, ssrc: number): number[] => reportBytes(type, 1, bytesOf(ssrc, 4));

const bytesOf = (value: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(value / 256 ** (count - 1 - index)) % 256);
