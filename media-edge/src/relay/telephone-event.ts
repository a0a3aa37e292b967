/**
 * DTMF as RTP events (RFC 4733 s. 2.3): four bytes of payload, all packets of one event with the same timestamp.
 *
 *     |     event     |E|R| volume    |          duration             |
 */
import { read16, write16 } from './rtp-packet.ts';

export const eventPayloadBytes = 4;

const digits = '0123456789*#ABCD';

/** dBm0 below full scale, as most phones send. */
const volume = 10;

/** One packet of an event. */
export interface EventPacket {
  /** `0`-`9`, `*`, `#`, `A`-`D`; `undefined` for other events, such as a flash hook. */
  readonly digit: string | undefined;
  readonly isEnd: boolean;
  /** In units of the RTP clock. */
  readonly duration: number;
}

export function readEvent(payload: Uint8Array): EventPacket | undefined {
  if (payload.length < eventPayloadBytes) return undefined;
  return { digit: digits[payload[0] ?? 255], isEnd: ((payload[1] ?? 0) & 0x80) !== 0, duration: read16(payload, 2) };
}

/** @param duration in units of the RTP clock, at most 65535 */
export function writeEvent(payload: Uint8Array, digit: string, isEnd: boolean, duration: number): void {
  payload[0] = digits.indexOf(digit);
  payload[1] = (isEnd ? 0x80 : 0) | volume;
  write16(payload, 2, duration);
}

/** Changes the duration of an event packet to another clock. */
export function rescaleEvent(payload: Uint8Array, fromHz: number, toHz: number): void {
  if (fromHz !== toHz) write16(payload, 2, Math.min(Math.round((read16(payload, 2) * toHz) / fromHz), 0xffff));
}

export const isDigit = (text: string): boolean => text.length === 1 && digits.includes(text);

export interface Digit {
  readonly digit: string;
  readonly durationMs: number;
}

/** An event without news for so long has ended; its end was lost. */
const eventGoneMs = 150;
/** What `CallLeg` promises about durations. */
const shortestMs = 40;
const longestMs = 6000;

/** Hears each event once, at its end, however often its packets are repeated or lost. */
export class EventReceiver {
  readonly #clockRate: number;
  #open: { readonly timestamp: number; readonly digit: string; duration: number; atMs: number } | undefined;
  #lastTimestamp: number | undefined;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** @returns the digits that this packet completes: none, its own, or one before it whose end was lost */
  take(packet: EventPacket, timestamp: number, nowMs: number): Digit[] {
    if (packet.digit === undefined || timestamp === this.#lastTimestamp) return [];
    const done = this.#open !== undefined && this.#open.timestamp !== timestamp ? this.#finish() : [];
    this.#open ??= { timestamp, digit: packet.digit, duration: 0, atMs: nowMs };
    this.#open.duration = Math.max(this.#open.duration, packet.duration);
    this.#open.atMs = nowMs;
    return packet.isEnd ? [...done, ...this.#finish()] : done;
  }

  /** @returns the digit whose end was lost, once enough time has passed */
  expire(nowMs: number): Digit[] {
    return this.#open !== undefined && nowMs - this.#open.atMs > eventGoneMs ? this.#finish() : [];
  }

  #finish(): Digit[] {
    if (this.#open === undefined) return [];
    const { digit, duration, timestamp } = this.#open;
    this.#open = undefined;
    this.#lastTimestamp = timestamp;
    const durationMs = Math.round((duration * 1000) / this.#clockRate);
    return [{ digit, durationMs: Math.min(Math.max(durationMs, shortestMs), longestMs) }];
  }
}

/** RFC 4733 s. 2.5.1.4: the last packet goes out three times. */
const endRepeats = 3;
/** Silence between two digits, so that a detector tells them apart. */
const gapMs = 60;
/** More than anyone types ahead. */
const maxQueued = 64;

/** A packet to be sent now. */
export interface EventToSend {
  readonly digit: string;
  readonly isFirst: boolean;
  readonly isEnd: boolean;
  readonly duration: number;
}

interface Playing extends Digit {
  readonly startMs: number;
  /** End packets sent so far. */
  ends: number;
  isFirst: boolean;
}

/** Plays digits one after the other; asked every 20 ms what to send. */
export class EventSender {
  readonly #queue: Digit[] = [];
  #playing: Playing | undefined;
  #freeAtMs = 0;

  /** True while something is being sent or waits: the sound of the leg pauses (RFC 4733 s. 2.5.1.2). */
  get isBusy(): boolean {
    return this.#playing !== undefined || this.#queue.length > 0;
  }

  /** True between the first and the last packet of an event. */
  get isPlaying(): boolean {
    return this.#playing !== undefined;
  }

  /** @returns false if too many wait already */
  add(digit: string, durationMs: number): boolean {
    if (this.#queue.length >= maxQueued) return false;
    this.#queue.push({ digit, durationMs: Math.min(Math.max(durationMs, shortestMs), longestMs) });
    return true;
  }

  /** @param clockRate of the stream: 16 bits of duration are 8 s at 8 kHz and 1.3 s at 48 kHz, longer events are cut there */
  next(nowMs: number, clockRate: number): EventToSend | undefined {
    this.#playing ??= this.#begin(nowMs);
    const playing = this.#playing;
    if (playing === undefined) return undefined;
    const passedMs = nowMs - playing.startMs;
    const isEnd = passedMs >= playing.durationMs;
    const shownMs = isEnd ? playing.durationMs : passedMs;
    const { isFirst } = playing;
    playing.isFirst = false;
    if (isEnd && ++playing.ends === endRepeats) {
      this.#playing = undefined;
      this.#freeAtMs = nowMs + gapMs;
    }
    return {
      digit: playing.digit,
      isFirst,
      isEnd,
      duration: Math.min(Math.round((shownMs * clockRate) / 1000), 0xffff),
    };
  }

  #begin(nowMs: number): Playing | undefined {
    const next = nowMs >= this.#freeAtMs ? this.#queue.shift() : undefined;
    return next === undefined ? undefined : { ...next, startMs: nowMs, ends: 0, isFirst: true };
  }
}
