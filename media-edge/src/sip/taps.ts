import type { Clock } from '../ports/clock.ts';
import type { Trace, TraceEntry } from '../ports/sip-endpoint.ts';
import { labelOf, redactMessage } from './message/redact.ts';

/** Messages of an INVITE that nobody has taken yet; it is answered or refused within a few. */
const maxWaiting = 20;
const maxCalls = 5_000;

/** Brings each SIP message to the ladder of its call, by Call-ID. */
export class Taps {
  readonly #clock: Clock;
  readonly #traces = new Map<string, Set<Trace>>();
  readonly #waiting = new Map<string, TraceEntry[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps the messages of this call until `open` tells where they go. */
  await(callId: string): void {
    const isKnown = this.#traces.has(callId) || this.#waiting.has(callId);
    if (!isKnown && this.#waiting.size < maxCalls) this.#waiting.set(callId, []);
  }

  /** @returns to be called when the leg is over; its ladder ends once what is under way has come */
  open(callId: string, trace: Trace): (afterMs: number) => void {
    for (const entry of this.#waiting.get(callId) ?? []) trace(entry);
    this.#waiting.delete(callId);
    // A call to our own port has both its legs here, under one Call-ID.
    const traces = this.#traces.get(callId) ?? new Set();
    this.#traces.set(callId, traces.add(trace));
    return (afterMs) => void this.#clock.after(afterMs, () => this.#close(callId, trace));
  }

  /** Nobody will take this call. */
  stopWaiting(callId: string): void {
    this.#waiting.delete(callId);
  }

  sent(callId: string, text: string): void {
    this.#write(callId, text, 'gateway', 'sip');
  }

  received(callId: string, text: string): void {
    this.#write(callId, text, 'sip', 'gateway');
  }

  /** What happened besides messages, in words. */
  note(callId: string, label: string, detail?: string): void {
    this.#hand(callId, { from: 'gateway', to: 'gateway', label, detail });
  }

  #write(callId: string, text: string, from: TraceEntry['from'], to: TraceEntry['to']): void {
    if (!this.#traces.has(callId) && !this.#waiting.has(callId)) return;
    this.#hand(callId, { from, to, label: labelOf(text), detail: redactMessage(text) });
  }

  #hand(callId: string, entry: TraceEntry): void {
    for (const trace of this.#traces.get(callId) ?? []) trace(entry);
    const waiting = this.#waiting.get(callId);
    if (waiting !== undefined && waiting.length < maxWaiting) waiting.push(entry);
  }

  #close(callId: string, trace: Trace): void {
    const traces = this.#traces.get(callId);
    traces?.delete(trace);
    if (traces?.size === 0) this.#traces.delete(callId);
  }
}
