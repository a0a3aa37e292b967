import { randomInt } from 'node:crypto';
import type { Core } from 'sip.js';
import type { Clock, Timer } from '../../ports/clock.ts';

export interface ReofferOptions {
  readonly clock: Clock;
  /** True if the INVITE that began the dialog was ours: the owner of the Call-ID waits longer after a collision. */
  readonly isOwner: boolean;
  /** Whether the dialog takes an INVITE now: answered, acknowledged and not over. */
  readonly isReady: () => boolean;
  /** Sends the re-INVITE with what we want now. @throws Error while another INVITE is under way */
  readonly send: (delegate: Core.OutgoingInviteRequestDelegate) => void;
  /** The change was accepted; called before the ACK is sent. */
  readonly onAccepted: (message: Core.IncomingResponseMessage) => void;
  /** Takes the answer; the ACK has been sent. Never rejects. */
  readonly onAnswered: (message: Core.IncomingResponseMessage) => Promise<void>;
  /** The dialog is gone (RFC 3261 s. 12.2.1.2). */
  readonly onLost: (code: number) => void;
  readonly onRefused: (code: number) => void;
}

/** Collisions in a row until we let the other side have its way. */
const maxTries = 5;

/** Brings the peer to what we want, one re-INVITE at a time; what changes meanwhile goes with the next one. */
export class Reoffer {
  readonly #options: ReofferOptions;
  #state: 'idle' | 'offering' | 'waiting' = 'idle';
  #isWanted = false;
  #tries = 0;
  /** Who waits for what comes of the next offer, and of the present one: a refusal's code, or nothing. */
  #waiting: ((refusal: number | undefined) => void)[] = [];
  #answering: ((refusal: number | undefined) => void)[] = [];
  #timer: Timer | undefined;

  constructor(options: ReofferOptions) {
    this.#options = options;
  }

  get isOffering(): boolean {
    return this.#state === 'offering';
  }

  /** Our wishes have changed. */
  want(): void {
    this.#isWanted = true;
    this.resume();
  }

  /** The same; tells how it went: the code of a refusal, or nothing if the peer has agreed. */
  ask(): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.want();
    });
  }

  /** Goes on with what is wanted, if the dialog is ready now. */
  resume(): void {
    if (!this.#isWanted || this.#state !== 'idle' || !this.#options.isReady()) return;
    this.#isWanted = false;
    try {
      this.#options.send(this.#delegate());
      this.#state = 'offering';
      this.#answering.push(...this.#waiting.splice(0));
    } catch {
      // sip.js takes no INVITE while one of the peer is under way (s. 14.1): ours comes after it.
      this.#retry();
    }
  }

  close(): void {
    this.#timer?.cancel();
    this.#isWanted = false;
    for (const tell of [...this.#waiting.splice(0), ...this.#answering.splice(0)]) tell(487);
  }

  #delegate(): Core.OutgoingInviteRequestDelegate {
    return {
      onAccept: ({ message, ack }) => {
        this.#options.onAccepted(message);
        ack();
        void this.#options.onAnswered(message).finally(() => this.#done(undefined));
      },
      onReject: ({ message }) => this.#refused(message.statusCode ?? 0),
      onRedirect: ({ message }) => this.#refused(message.statusCode ?? 0),
    };
  }

  #refused(code: number): void {
    if (code === 481 || code === 408) return this.#options.onLost(code);
    if (code === 491 && this.#tries < maxTries) return this.#retry();
    this.#options.onRefused(code);
    this.#done(code);
  }

  #done(refusal: number | undefined): void {
    this.#state = 'idle';
    this.#tries = 0;
    for (const tell of this.#answering.splice(0)) tell(refusal);
    this.resume();
  }

  /** RFC 3261 s. 14.1: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other, in steps of 10 ms. */
  #retry(): void {
    this.#tries++;
    this.#state = 'waiting';
    this.#isWanted = true;
    const delayMs = this.#options.isOwner ? 10 * randomInt(210, 401) : 10 * randomInt(0, 201);
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#state = 'idle';
      this.resume();
    });
  }
}
