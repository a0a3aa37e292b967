import type { Clock, Timer } from '../../ports/clock.ts';
import type { SipTimers } from '../sip-timers.ts';

/**
 * Sends again what UDP may have lost (RFC 3261 s. 17): Timer A for INVITE, E for other requests, G for
 * final answers to INVITE. sip.js leaves these three to the transport; its other timers end the transactions.
 */
export class Retransmissions {
  readonly #clock: Clock;
  readonly #timers: SipTimers;
  readonly #requests = new Map<string, Repetition>();
  readonly #finals = new Map<string, Repetition>();

  constructor(clock: Clock, timers: SipTimers) {
    this.#clock = clock;
    this.#timers = timers;
  }

  /** Starts to repeat a request that was just sent. @param send gets called for each further copy */
  repeatRequest(method: string, branch: string, send: () => void): void {
    // ACK has no answer: it is repeated when the 2xx is (RFC 3261 s. 13.2.2.4).
    if (method === 'ACK') return;
    const cap = method === 'INVITE' ? Number.POSITIVE_INFINITY : this.#timers.t2Ms;
    this.#start(this.#requests, `${method} ${branch}`, cap, send);
  }

  /** A response came: INVITE is not repeated after any, others only every T2 after a 1xx (s. 17.1.2.2). */
  answered(method: string, branch: string, code: number): void {
    const key = `${method} ${branch}`;
    const repetition = this.#requests.get(key);
    if (repetition === undefined) return;
    if (method === 'INVITE' || code >= 200) this.#stop(this.#requests, key);
    else repetition.intervalMs = this.#timers.t2Ms;
  }

  /** No answer is wanted any more: another server has the request now. */
  giveUp(method: string, branch: string): void {
    this.#stop(this.#requests, `${method} ${branch}`);
  }

  /** Starts to repeat a 300..699 answer to INVITE until its ACK. @param id names the server transaction */
  repeatFinal(id: string, send: () => void): void {
    this.#start(this.#finals, id, this.#timers.t2Ms, send);
  }

  acknowledged(id: string): void {
    this.#stop(this.#finals, id);
  }

  close(): void {
    for (const table of [this.#requests, this.#finals]) {
      for (const key of table.keys()) this.#stop(table, key);
    }
  }

  #start(table: Map<string, Repetition>, key: string, capMs: number, send: () => void): void {
    this.#stop(table, key);
    const { t1Ms } = this.#timers;
    const repetition: Repetition = { intervalMs: t1Ms, endsAt: this.#clock.now() + 64 * t1Ms, timer: undefined };
    const again = () => {
      if (this.#clock.now() + repetition.intervalMs >= repetition.endsAt) return void table.delete(key);
      repetition.timer = this.#clock.after(repetition.intervalMs, () => {
        send();
        repetition.intervalMs = Math.min(repetition.intervalMs * 2, capMs);
        again();
      });
    };
    table.set(key, repetition);
    again();
  }

  #stop(table: Map<string, Repetition>, key: string): void {
    table.get(key)?.timer?.cancel();
    table.delete(key);
  }
}

interface Repetition {
  intervalMs: number;
  /** Timers B, F and H all are 64*T1. */
  readonly endsAt: number;
  timer: Timer | undefined;
}
