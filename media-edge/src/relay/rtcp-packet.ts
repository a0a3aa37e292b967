/**
 * RTCP between two streams that name the same media differently (RFC 3550 s. 6): reports, and for pictures what asks for
 * packets again or for a whole picture (RFC 4585 s. 6, RFC 5104 s. 4.3.1), are translated in place. All else is left out,
 * since its numbers would mean nothing on the other side.
 */
import { read16, read32, write16, write32 } from './rtp-packet.ts';

/** How one direction of media is called on the side that a report comes from, and on the side it goes to. */
export interface ReportMap {
  /** The stream that the author of the report sends. */
  readonly sent: { readonly from: number; readonly to: number; readonly timestampOffset: number };
  /** The stream that the author of the report receives; what was added to its numbers on their way. */
  readonly received: { readonly from: number; readonly to: number; readonly sequenceOffset: number };
  /** False for sound: then feedback is left out. */
  readonly hasFeedback?: boolean;
}

const senderReport = 200;
const receiverReport = 201;
const sourceDescription = 202;
const transportFeedback = 205;
const payloadFeedback = 206;
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
    // RFC 3550 s. 6.1: a compound packet begins with a report; feedback may also come alone (RFC 5506).
    if (kept > 0 && (written > 0 || isReport(part) || isFeedback(part))) {
      packet.copyWithin(written, read, read + kept);
      written += kept;
    }
    read += bytes;
  }
  return written;
}

const isReport = (part: Uint8Array): boolean => part[1] === senderReport || part[1] === receiverReport;

export const isFeedback = (part: Uint8Array): boolean => part[1] === transportFeedback || part[1] === payloadFeedback;

/** Also a request among several in one packet counts: mediasoup and phones send them first or after one report. */
export const asksForPicture = (packet: Uint8Array): boolean => {
  for (let at = 0; at + 8 <= packet.length; at += (read16(packet, at + 2) + 1) * 4)
    if (packet[at + 1] === payloadFeedback) return true;
  return false;
};

/** @returns bytes that remain of this part, which never are more than it had */
function translatePart(part: Uint8Array, map: ReportMap): number {
  // Its length may say that it ends before the name of its author.
  if (part.length < 8) return 0;
  switch (part[1]) {
    case senderReport:
      return translateSender(part, map);
    case receiverReport:
      return translateBlocks(part, 8, map);
    case sourceDescription:
      return translateDescription(part, map);
    case transportFeedback:
    case payloadFeedback:
      return map.hasFeedback ? translateFeedback(part, map) : 0;
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

/** Feedback formats: NACK among those of the transport, PLI and FIR among those of the payload. */
const nack = 1;
const pictureLoss = 1;
const fullIntra = 4;

function translateFeedback(part: Uint8Array, map: ReportMap): number {
  const format = (part[0] ?? 0) & 0x1f;
  const isPayloads = part[1] === payloadFeedback;
  if (isPayloads && format === fullIntra) return renameStream(part, 12, map);
  if (isPayloads && format === pictureLoss) return renameStream(part, 8, map);
  if (isPayloads || format !== nack || renameStream(part, 8, map) === 0) return 0;
  for (let at = 12; at + 4 <= part.length; at += 4) write16(part, at, read16(part, at) - map.received.sequenceOffset);
  return part.length;
}

/** Whose picture is meant stands at `at`. */
function renameStream(part: Uint8Array, at: number, map: ReportMap): number {
  if (part.length < at + 4 || read32(part, at) !== map.received.from) return 0;
  write32(part, 4, map.sent.to);
  write32(part, at, map.received.to);
  return part.length;
}
