/**
 * One RTP packet in its buffer (RFC 3550 s. 5.1). Nothing is copied: callers check once and then read and write in place.
 *
 *      0                   1                   2                   3
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 */
export const fixedHeaderBytes = 12;

/** @returns true if the fixed header, the list of contributors, the extension and the padding all lie within the packet */
export function isRtp(packet: Uint8Array): boolean {
  if (packet.length < fixedHeaderBytes || byteAt(packet, 0) >> 6 !== 2) return false;
  const header = headerBytes(packet);
  return header <= packet.length && header + paddingBytes(packet) <= packet.length;
}

/** True for RTCP where both come to one port (RFC 5761 s. 4): its types 192 to 223 look like payload types 64 to 95. */
export const isRtcp = (packet: Uint8Array): boolean =>
  packet.length >= 8 && byteAt(packet, 0) >> 6 === 2 && byteAt(packet, 1) >= 192 && byteAt(packet, 1) <= 223;

export const payloadType = (packet: Uint8Array): number => byteAt(packet, 1) & 0x7f;
export const hasMarker = (packet: Uint8Array): boolean => byteAt(packet, 1) >= 0x80;
export const sequence = (packet: Uint8Array): number => read16(packet, 2);
export const timestamp = (packet: Uint8Array): number => read32(packet, 4);
export const ssrc = (packet: Uint8Array): number => read32(packet, 8);

export function setPayloadType(packet: Uint8Array, value: number): void {
  packet[1] = (byteAt(packet, 1) & 0x80) | value;
}

export function setMarker(packet: Uint8Array): void {
  packet[1] = byteAt(packet, 1) | 0x80;
}

/** Bytes before the payload, with contributors and extension; beyond the packet if it is cut short. */
export function headerBytes(packet: Uint8Array): number {
  const beforeExtension = fixedHeaderBytes + 4 * (byteAt(packet, 0) & 0x0f);
  if ((byteAt(packet, 0) & 0x10) === 0) return beforeExtension;
  if (beforeExtension + 4 > packet.length) return packet.length + 1;
  return beforeExtension + 4 + 4 * read16(packet, beforeExtension + 2);
}

/** Bytes of padding at the end; more than the packet has if the count is zero, which RFC 3550 s. 5.1 rules out. */
function paddingBytes(packet: Uint8Array): number {
  if ((byteAt(packet, 0) & 0x20) === 0) return 0;
  const count = byteAt(packet, packet.length - 1);
  return count === 0 ? packet.length : count;
}

/**
 * Makes the packet one that every phone reads: no contributors, no extension, no padding.
 * The fixed header moves up to the payload; where it begins and how long the rest is stands in `trimmed`.
 */
export function trim(packet: Uint8Array): void {
  const first = byteAt(packet, 0);
  if ((first & 0x3f) === 0) {
    trimmed.start = 0;
    trimmed.bytes = packet.length;
    return;
  }
  const end = packet.length - paddingBytes(packet);
  const start = headerBytes(packet) - fixedHeaderBytes;
  packet.copyWithin(start, 0, fixedHeaderBytes);
  packet[start] = 0x80;
  trimmed.start = start;
  trimmed.bytes = end - start;
}

/** Result of the last `trim`: one object for all, since this runs for every packet. */
export const trimmed = { start: 0, bytes: 0 };

export const read16 = (bytes: Uint8Array, at: number): number => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);

export const read32 = (bytes: Uint8Array, at: number): number =>
  ((byteAt(bytes, at) << 24) | (byteAt(bytes, at + 1) << 16) | (byteAt(bytes, at + 2) << 8) | byteAt(bytes, at + 3)) >>>
  0;

export function write16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

export function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Callers have checked the length; past the end there is nothing but zeros. */
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

/** How far `later` is after `earlier` among sequence numbers, -32768 to 32767. */
export const sequenceDistance = (earlier: number, later: number): number => ((later - earlier) << 16) >> 16;
