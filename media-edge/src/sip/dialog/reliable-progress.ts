/**
 * Provisional responses that are sent until the caller acknowledges them (RFC 3262 s. 3).
 *
 *     send --183, RSeq n--> waiting --PRACK n--> acknowledged --next in line--> ...
 *                             |  +--T1, 2*T1, ...: the same again
 *                             +--64*T1--> given up
 */
import { randomInt } from 'node:crypto';
import type { Core } from 'sip.js';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { SipTimers } from '../sip-timers.ts';

export interface ReliableProgressOptions {
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** Sends the response with these headers beside its own. */
  readonly send: (response: Provisional, headers: readonly string[]) => void;
  /** No PRACK has come in time. */
  readonly onGivenUp: () => void;
}

export interface Provisional {
  readonly statusCode: 180 | 183;
  readonly body?: Core.Body;
}

export class ReliableProgress {
  readonly #options: ReliableProgressOptions;
  readonly #line: Provisional[] = [];
  #rseq = randomInt(1, 2 ** 31 - 1_000);
  #isWaiting = false;
  #timers: Timer[] = [];
  #settle: () => void = () => undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: ReliableProgressOptions) {
    this.#options = options;
  }

  /** Resolves when all that was sent has been acknowledged, or given up. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** One at a time: the next one goes when the one before is acknowledged. */
  send(response: Provisional): void {
    if (!this.#isWaiting && this.#line.length === 0) this.#begin();
    this.#line.push(response);
    this.#next();
  }

  /** @param inviteCseq of the INVITE that is being answered */
  acknowledged(request: Core.IncomingRequest, inviteCseq: number): void {
    const match = /^\s*(\d{1,10})\s+(\d{1,10})\s+INVITE\s*$/i.exec(request.message.getHeader('rack') ?? '');
    const isMeant = this.#isWaiting && Number(match?.[1]) === this.#rseq && Number(match?.[2]) === inviteCseq;
    if (!isMeant) return void request.reject({ statusCode: 481 });
    // The answer to the offer has been given already, and a further offer is for the time after the call is up.
    if (request.message.body !== '') request.reject({ statusCode: 488 });
    else request.accept({ statusCode: 200 });
    this.#isWaiting = false;
    this.#stop();
    this.#next();
  }

  close(): void {
    this.#line.length = 0;
    this.#stop();
    this.#settle();
  }

  #begin(): void {
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  #next(): void {
    if (this.#isWaiting) return;
    const response = this.#line.shift();
    if (response === undefined) return this.#settle();
    this.#isWaiting = true;
    this.#rseq++;
    const { clock, timers } = this.#options;
    this.#repeat(response, timers.t1Ms);
    this.#timers.push(clock.after(64 * timers.t1Ms, () => this.#giveUp()));
  }

  #repeat(response: Provisional, waitMs: number): void {
    this.#options.send(response, ['Require: 100rel', `RSeq: ${this.#rseq}`]);
    this.#timers.unshift(this.#options.clock.after(waitMs, () => this.#repeat(response, 2 * waitMs)));
  }

  #giveUp(): void {
    this.close();
    this.#options.onGivenUp();
  }

  #stop(): void {
    for (const timer of this.#timers.splice(0)) timer.cancel();
  }
}
