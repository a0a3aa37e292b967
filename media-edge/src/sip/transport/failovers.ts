import type { Core } from 'sip.js';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { SipTimers } from '../sip-timers.ts';
import type { Flow } from './flow.ts';

/** A request that is on its way to one of several servers, or by a connection that may be dead. */
export interface FailoverOptions {
  readonly method: string;
  /** On the wire, and in sip.js, which knows of one transaction only. */
  readonly wireBranch: string;
  readonly branch: string;
  /** Sends it to the next server; absent when there is none. */
  readonly moveOn: ((why: 'silent' | 'unavailable') => void) | undefined;
  /** What it went by. */
  readonly flow: Flow;
  /** Sends it once more where it should have gone, as its connection was dead; absent where that is no reason. */
  readonly resend: (() => void) | undefined;
  /** It answered. */
  readonly worked: () => void;
}

/**
 * Requests of ours that go to the next server when one does not answer, or says 503 (RFC 3263 s. 4.3). Each server gets
 * a transaction of its own; for sip.js, whose timers bound the whole, they are one.
 */
export class Failovers {
  readonly #clock: Clock;
  readonly #timers: SipTimers;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock, timers: SipTimers) {
    this.#clock = clock;
    this.#timers = timers;
  }

  /** @returns ends the watch; false when what it went by has closed meanwhile, and it is on its way again */
  watch(options: FailoverOptions): () => boolean {
    const { method, wireBranch, moveOn, flow, resend } = options;
    const key = keyOf(method, wireBranch);
    const { tryNextMs, t1Ms } = this.#timers;
    const patience = moveOn && this.#clock.after(tryNextMs, () => moveOn('silent'));
    const end = this.#clock.after(64 * t1Ms, () => void this.#forget(key));
    const closed = () => {
      this.#forget(key);
      if (resend !== undefined) resend();
      else moveOn?.('silent');
    };
    const callOff = flow.onceClosed?.(closed);
    this.#waiting.set(key, { ...options, patience, end, callOff });
    return () => this.#forget(key);
  }

  /** Gives a response the branch that sip.js knows. @returns false for one that is not its business */
  receives(message: Core.IncomingResponseMessage): boolean {
    const key = keyOf(message.method, message.viaBranch);
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return true;
    const isFirst = !waiting.hasWord;
    waiting.patience?.cancel();
    waiting.callOff?.();
    waiting.hasWord = true;
    // Copies of a 2xx to INVITE come until its ACK does; other transactions are over.
    if ((message.statusCode ?? 0) >= 200 && message.method !== 'INVITE') this.#forget(key);
    message.viaBranch = waiting.branch;
    // Whoever refuses an INVITE waits for its ACK, which sip.js writes once it has seen the refusal.
    if (isFirst && message.statusCode === 503 && message.method !== 'INVITE' && waiting.moveOn !== undefined) {
      waiting.moveOn('unavailable');
      return false;
    }
    waiting.worked();
    return true;
  }

  close(): void {
    for (const key of this.#waiting.keys()) this.#forget(key);
  }

  /** @returns true if it was there */
  #forget(key: string): boolean {
    const waiting = this.#waiting.get(key);
    waiting?.patience?.cancel();
    waiting?.end.cancel();
    waiting?.callOff?.();
    return this.#waiting.delete(key);
  }
}

interface Waiting extends FailoverOptions {
  readonly patience: Timer | undefined;
  readonly end: Timer;
  readonly callOff: (() => void) | undefined;
  hasWord?: boolean;
}

const keyOf = (method: string, branch: string): string => `${method} ${branch}`;
