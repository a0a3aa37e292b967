import type { Clock, Timer } from './clock.ts';
import { EventSequence } from './event-sequence.ts';
import type { SessionEvent } from './wire.ts';

export type NumberedEvent = Exclude<SessionEvent, { event: 'replaced' }>;

export interface SessionInboxOptions {
  readonly clock: Clock;
  handOut(event: NumberedEvent): void;
  /** Tells the gateway that all events up to this number are here. */
  acknowledge(last: number): void;
  /** Asks the gateway for what is missing; resolves when it has been asked. */
  askAgain(): Promise<void>;
}

/** The events of one session, handed out in their order; what is missing for long is asked for. */
export class SessionInbox {
  readonly #options: SessionInboxOptions;
  readonly #sequence: EventSequence<NumberedEvent>;
  #acknowledged = 0;
  #gapTimer: Timer | undefined;

  constructor(last: number, options: SessionInboxOptions) {
    this.#options = options;
    this.#sequence = new EventSequence(last);
  }

  /** Number of the last event that was handed out. */
  get last(): number {
    return this.#sequence.last;
  }

  take(event: NumberedEvent): void {
    for (const due of this.#sequence.take(event)) this.#handOut(due);
    if (this.#sequence.hasGap) this.#gapTimer ??= this.#options.clock.after(gapMs, () => void this.#fillGap());
  }

  /** The session was announced anew: it counts from here. */
  restart(last: number): void {
    this.#sequence.restart(last);
  }

  close(): void {
    this.#gapTimer?.cancel();
  }

  #handOut(event: NumberedEvent): void {
    const { last } = this.#sequence;
    if (last - this.#acknowledged >= acknowledgeEvery) {
      this.#acknowledged = last;
      this.#options.acknowledge(last);
    }
    this.#options.handOut(event);
  }

  async #fillGap(): Promise<void> {
    if (this.#sequence.hasGap) await this.#options.askAgain();
    this.#gapTimer = this.#options.clock.after(replayMs, () => this.#giveUp());
  }

  /** The gateway does not have the missing events any more: better to go on without them than to stand still. */
  #giveUp(): void {
    this.#gapTimer = undefined;
    for (const due of this.#sequence.skipGap()) this.#handOut(due);
  }
}

/** Events that overtake one another are put right within this time without asking. */
const gapMs = 300;
const replayMs = 2_000;
/** The gateway keeps events until they are acknowledged; a word in a while is enough. */
const acknowledgeEvery = 64;
