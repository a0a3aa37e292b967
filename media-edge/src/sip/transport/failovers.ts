import type { Core } from 'sip.js';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { SipTimers } from '../sip-timers.ts';

/** A request that is on its way to one of several servers. */
export interface FailoverOptions {
  readonly method: string;
  /** On the wire, and in sip.js, which knows of one transaction only. */
  readonly wireBranch: string;
  readonly branch: string;
  /** Sends it to the next server; absent when there is none. */
  readonly moveOn: ((why: 'silent' | 'unavailable') => void) | undefined;
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

  watch(options: FailoverOptions): void {
    const { method, wireBranch, moveOn } = options;
    const key = keyOf(method, wireBranch);
    const { tryNextMs, t1Ms } = this.#timers;
    const patience = moveOn && this.#clock.after(tryNextMs, () => moveOn('silent'));
    const end = this.#clock.after(64 * t1Ms, () => void this.#waiting.delete(key));
    this.#waiting.set(key, { ...options, patience, end });
  }

  /** Gives a response the branch that sip.js knows. @returns false for one that is not its business */
  receives(message: Core.IncomingResponseMessage): boolean {
    const waiting = this.#waiting.get(keyOf(message.method, message.viaBranch));
    if (waiting === undefined) return true;
    const isFirst = waiting.patience !== undefined && !waiting.hasWord;
    waiting.patience?.cancel();
    waiting.hasWord = true;
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
    for (const { patience, end } of this.#waiting.values()) {
      patience?.cancel();
      end.cancel();
    }
    this.#waiting.clear();
  }
}

interface Waiting extends FailoverOptions {
  readonly patience: Timer | undefined;
  readonly end: Timer;
  hasWord?: boolean;
}

const keyOf = (method: string, branch: string): string => `${method} ${branch}`;
