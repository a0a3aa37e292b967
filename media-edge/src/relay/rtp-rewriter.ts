/**
 * Makes one stream of whatever sources follow each other: its SSRC never changes, its sequence numbers and
 * timestamps go on without a break over hold, transfer and a source that starts anew.
 */
import type { MediaKind } from '../call/media.ts';
import * as rtp from './rtp-packet.ts';

/** RFC 3550 A.1: a jump beyond these is no loss and no reordering but a new start. */
const maxDropout = 3000;
const maxMisorder = 100;
/** A source whose clock is off by more than this has set its timestamps anew. */
const maxClockJumpMs = 3000;
/** A source silent for so long is left for another one at its first packet. */
const sourceGoneMs = 100;
/** One packet of sound, the least that two sources are apart. */
const packetMs = 20;

export class RtpRewriter {
  readonly ssrc: number;
  readonly #kind: MediaKind;
  #clockRate: number;
  /** The source in use, and what is added to its numbers; `undefined` before the first packet. */
  #source: number | undefined;
  sequenceOffset = 0;
  timestampOffset = 0;
  /** Newest packet of the stream, as sent. */
  #sequence: number;
  #timestamp: number;
  #atMs = 0;
  /** Source time of the newest packet that was left out; nothing older is sent later, its number is taken. */
  #skipped: number | undefined;
  /** The source before this one: late packets of it, or one that sends on beside it, do not win it back. */
  #former = -1;
  /** A source, or a new start of the present one, that has to show a second packet in order. */
  #candidateSsrc = -1;
  #candidateSequence = -1;
  /** Packets that never came, by the gaps in the numbers of the sources. */
  lost = 0;

  /** @param start numbers to begin with; random for a stream of one's own (RFC 3550 s. 5.1) */
  constructor(start: {
    ssrc: number;
    sequence: number;
    timestamp: number;
    clockRate: number;
    kind?: MediaKind;
  }) {
    this.ssrc = start.ssrc;
    this.#kind = start.kind ?? 'audio';
    this.#clockRate = start.clockRate;
    this.#sequence = start.sequence & 0xffff;
    this.#timestamp = start.timestamp >>> 0;
  }

  get source(): number | undefined {
    return this.#source;
  }

  /** For a codec of another clock: timestamps go on from where they are, at the new rate. */
  setClockRate(clockRate: number): void {
    this.#clockRate = clockRate;
  }

  /**
   * Gives a packet the numbers of the stream, in place.
   *
   * @param isEvent its timestamp is the start of an event and not the present (RFC 4733 s. 2.2.1)
   * @returns false if it must not be sent: an intruder, a duplicate of what was left out, or not yet believed
   */
  rewrite(packet: Uint8Array, nowMs: number, isEvent: boolean): boolean {
    if (!this.#follow(packet, nowMs)) return false;
    const number = (rtp.sequence(packet) + this.sequenceOffset) & 0xffff;
    const distance = rtp.sequenceDistance(this.#sequence, number);
    if (distance > 0) {
      if (!isEvent) this.#followClock(packet, nowMs);
      this.lost += distance - 1;
      this.#sequence = number;
      this.#noteArrival((rtp.timestamp(packet) + this.timestampOffset) >>> 0, nowMs, isEvent);
    } else if (this.#isTaken(packet)) {
      return false;
    } else if (distance < 0) {
      this.lost -= 1;
    }
    rtp.write16(packet, 2, number);
    rtp.write32(packet, 4, rtp.timestamp(packet) + this.timestampOffset);
    rtp.write32(packet, 8, this.ssrc);
    return true;
  }

  /** Leaves a packet of the source out; the next one takes its number, so that nobody counts a loss. */
  skip(packet: Uint8Array, nowMs: number): void {
    if (!this.#follow(packet, nowMs)) return;
    const number = (rtp.sequence(packet) + this.sequenceOffset) & 0xffff;
    const distance = rtp.sequenceDistance(this.#sequence, number);
    if (distance <= 0) return;
    this.lost += distance - 1;
    this.#sequence = (number - 1) & 0xffff;
    this.sequenceOffset = (this.sequenceOffset - 1) & 0xffff;
    this.#skipped = rtp.sequence(packet);
  }

  /** Takes the next number for a packet of our own; those of the source move up by one. */
  insert(): number {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.sequenceOffset = (this.sequenceOffset + 1) & 0xffff;
    return this.#sequence;
  }

  /** The timestamp that the present has in this stream. */
  timestampAt(nowMs: number): number {
    const elapsedMs = this.#atMs === 0 ? packetMs : Math.max(nowMs - this.#atMs, packetMs);
    return (this.#timestamp + Math.round((elapsedMs * this.#clockRate) / 1000)) >>> 0;
  }

  /** The later packets of an event repeat its start; the present goes on meanwhile. */
  #noteArrival(timestamp: number, nowMs: number, isEvent: boolean): void {
    if (isEvent && timestamp === this.#timestamp) return;
    this.#timestamp = timestamp;
    this.#atMs = nowMs;
  }

  /** Decides whether the packet belongs to the stream, and takes over a new source. */
  #follow(packet: Uint8Array, nowMs: number): boolean {
    const ssrc = rtp.ssrc(packet);
    if (ssrc === this.#source) {
      const distance = rtp.sequenceDistance(this.#sequence, (rtp.sequence(packet) + this.sequenceOffset) & 0xffff);
      if (distance <= maxDropout && distance >= -maxMisorder) return true;
    }
    const isFree = this.#source === undefined || (ssrc !== this.#source && nowMs - this.#atMs > sourceGoneMs);
    const isSecond =
      ssrc !== this.#former && ssrc === this.#candidateSsrc && rtp.sequence(packet) === this.#candidateSequence;
    if (!isFree && !isSecond) {
      this.#candidateSsrc = ssrc;
      this.#candidateSequence = (rtp.sequence(packet) + 1) & 0xffff;
      return false;
    }
    this.#take(packet, ssrc, nowMs);
    return true;
  }

  #take(packet: Uint8Array, ssrc: number, nowMs: number): void {
    if (ssrc !== this.#source) this.#former = this.#source ?? -1;
    this.#source = ssrc;
    this.#candidateSsrc = -1;
    this.#skipped = undefined;
    this.sequenceOffset = (this.#sequence + 1 - rtp.sequence(packet)) & 0xffff;
    this.timestampOffset = (this.timestampAt(nowMs) - rtp.timestamp(packet)) >>> 0;
    this.#markStart(packet);
  }

  /** Some phones set their timestamps anew after hold, with the same SSRC. */
  #followClock(packet: Uint8Array, nowMs: number): void {
    const distance = (rtp.timestamp(packet) + this.timestampOffset - this.timestampAt(nowMs)) | 0;
    if (Math.abs(distance) <= (maxClockJumpMs * this.#clockRate) / 1000) return;
    this.timestampOffset = (this.timestampOffset - distance) >>> 0;
    this.#markStart(packet);
  }

  /** A player of sound that sees it fits its buffer anew; of a picture it says the end (RFC 3551 s. 4.1, RFC 6184 s. 5.1). */
  #markStart(packet: Uint8Array): void {
    if (this.#kind === 'audio') rtp.setMarker(packet);
  }

  #isTaken(packet: Uint8Array): boolean {
    return this.#skipped !== undefined && rtp.sequenceDistance(this.#skipped, rtp.sequence(packet)) <= 0;
  }
}
