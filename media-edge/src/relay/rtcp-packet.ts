/**
 * RTCP between two streams that name the same media differently (RFC 3550 s. 6): sender and receiver reports are
 * translated in place, all else is left out, since its numbers would mean nothing on the other side.
 */
import { read16, read32, write16, write32 } from './rtp-packet.ts';

/** How one direction of media is called on the side that a report comes from, and on the side it goes to. */
export interface ReportMap {
  /** The stream that the author of the report sends. */
  readonly sent: { readonly from: number; readonly to: number; readonly timestampOffset: number };
  /** The stream that the author of the report receives; what was added to its numbers on their way. */
  readonly received: { readonly from: number; readonly to: number; readonly sequenceOffset: number };
}

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const reportBlockBytes = 24;

/**
 * Translates a compound packet in place.
 *
 * @returns how many bytes at its beginning are to be sent; 0 if nothing of it can be translated
 */
export function translateReports(packet: Uint8Array, map: ReportMap): number {
  let read = 0;
  let written = 0;
  while (read + 8 <= packet.length) {
    const bytes = (read16(packet, read + 2) + 1) * 4;
    if (read + bytes > packet.length) break;
    const part = packet.subarray(read, read + bytes);
    const kept = translatePart(part, map);
    // RFC 3550 s. 6.1: a compound packet begins with a report.
    if (kept > 0 && (written > 0 || isReport(part))) {
      packet.copyWithin(written, read, read + kept);
      written += kept;
    }
    read += bytes;
  }
  return written;
}

const isReport = (part: Uint8Array): boolean => part[1] === senderReport || part[1] === receiverReport;

/** @returns bytes that remain of this part */
function translatePart(part: Uint8Array, map: ReportMap): number {
  switch (part[1]) {
    case senderReport:
      return translateSender(part, map);
    case receiverReport:
      return translateBlocks(part, 8, map);
    case sourceDescription:
      return translateDescription(part, map);
    default:
      return 0;
  }
}

function translateSender(part: Uint8Array, map: ReportMap): number {
  if (part.length < 28 || read32(part, 4) !== map.sent.from) return 0;
  write32(part, 16, read32(part, 16) + map.sent.timestampOffset);
  return translateBlocks(part, 28, map);
}

/** Report blocks begin at `at`; those of other streams are taken out. */
function translateBlocks(part: Uint8Array, at: number, map: ReportMap): number {
  const count = (part[0] ?? 0) & 0x1f;
  let end = at;
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const block = at + index * reportBlockBytes;
    if (block + reportBlockBytes > part.length) break;
    if (read32(part, block) !== map.received.from) continue;
    part.copyWithin(end, block, block + reportBlockBytes);
    write32(part, end, map.received.to);
    // The low half of the highest number received; the wraps above it stay as they are, only differences of it are used.
    write16(part, end + 10, read16(part, end + 10) - map.received.sequenceOffset);
    end += reportBlockBytes;
    kept += 1;
  }
  write32(part, 4, map.sent.to);
  part[0] = 0x80 | kept;
  write16(part, 2, end / 4 - 1);
  return end;
}

/** One chunk, that of the sender: its name (RFC 3550 s. 6.5.1). */
function translateDescription(part: Uint8Array, map: ReportMap): number {
  if (((part[0] ?? 0) & 0x1f) !== 1 || read32(part, 4) !== map.sent.from) return 0;
  write32(part, 4, map.sent.to);
  return part.length;
}
