import { unreachedAnswerMs } from '@sylk/protocol/limits.ts';
import { Core } from 'sip.js';

/** RFC 3261 s. 17 (T1, T2, T4) and our own patience, in milliseconds. */
export interface SipTimers {
  readonly t1Ms: number;
  readonly t2Ms: number;
  readonly t4Ms: number;
  /** How long the called may ring before we give up: what a proxy would wait (Timer C, s. 16.6). */
  readonly noAnswerMs: number;
  /** How long a target may be silent while there is another one to try (RFC 3263 s. 4.3). */
  readonly tryNextMs: number;
  /** How long a TCP target in the operator's networks may be silent, whatever the silence is. */
  readonly unreachedMs: number;
  /** How long a call may go without a sign of life: what we ask for, and the least that we take, in s (RFC 4028). */
  readonly sessionS: number;
  readonly leastSessionS: number;
  /** How long hanging up may wait for the peer's word when we close. */
  readonly closeMs: number;
}

export const defaultTimers: SipTimers = {
  t1Ms: 500,
  t2Ms: 4_000,
  t4Ms: 5_000,
  noAnswerMs: 185_000,
  tryNextMs: 4_000,
  unreachedMs: unreachedAnswerMs,
  sessionS: 1_800,
  leastSessionS: 90,
  closeMs: 2_000,
};

/**
 * Sets the timers of sip.js, which are one table for the whole process. Its own values for D, I, J and K
 * are those of reliable transports; over UDP, late copies would find no transaction (RFC 3261 table 4).
 */
export function applyTimers({ t1Ms, t2Ms, t4Ms }: SipTimers): void {
  Object.assign(Core.Timers, {
    T1: t1Ms,
    T2: t2Ms,
    T4: t4Ms,
    TIMER_B: 64 * t1Ms,
    TIMER_D: 64 * t1Ms,
    TIMER_F: 64 * t1Ms,
    TIMER_H: 64 * t1Ms,
    TIMER_I: t4Ms,
    TIMER_J: 64 * t1Ms,
    TIMER_K: t4Ms,
    TIMER_L: 64 * t1Ms,
    TIMER_M: 64 * t1Ms,
  });
}
