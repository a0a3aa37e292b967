import type { Clock, Timer } from './clock.ts';

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** How long silence is no reason to ask; read anew each time, since a call shortens it. */
  intervalMs(): number;
  /** How long an answer may take. */
  readonly answerMs: number;
  ping(): void;
  /** Nothing has come for three pings: the socket is dead. */
  died(): void;
}

/** Finds out whether a socket still lives: anything heard is a sign of life, after long silence it asks. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #unanswered = 0;
  #dueAt = 0;
  #timer: Timer | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Something came; also starts it. */
  heard(): void {
    this.#unanswered = 0;
    this.#schedule(this.#options.intervalMs());
  }

  /** Something was sent that will be answered: if it is not, ask soon instead of after the whole interval. */
  expectsAnswer(): void {
    const { clock, answerMs } = this.#options;
    if (clock.now() + answerMs < this.#dueAt) this.#schedule(answerMs);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #schedule(delayMs: number): void {
    this.#timer?.cancel();
    this.#dueAt = this.#options.clock.now() + delayMs;
    this.#timer = this.#options.clock.after(delayMs, () => this.#ask());
  }

  #ask(): void {
    if (this.#unanswered === mostUnanswered) {
      this.#options.died();
      return;
    }
    this.#unanswered++;
    this.#schedule(this.#options.answerMs);
    this.#options.ping();
  }
}

const mostUnanswered = 3;
