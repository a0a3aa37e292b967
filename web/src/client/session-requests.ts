import type { Clock, Timer } from './clock.ts';
import { uuid } from './identifiers.ts';
import type { Link } from './link.ts';
import type { Reply } from './pending-requests.ts';
import type { SessionRequest } from './wire.ts';

export interface SessionRequestsOptions {
  readonly clock: Clock;
  /** Whether the gateway knows a request again that it has had: an older server would carry it out twice. */
  knowsRepeats(): boolean;
  send(link: Link, request: SessionRequest, transaction: string): Promise<Reply>;
  /** It has left for the gateway, for the first time or again. */
  sent(request: SessionRequest): void;
  answered(request: SessionRequest, reply: Reply): void;
}

/**
 * The requests of one session, one after another: the next one leaves when the one before is answered.
 * One that lost its socket before the answer, or has none after a while, is sent again with the same transaction,
 * by which the gateway knows that it is the same.
 */
export class SessionRequests {
  readonly #options: SessionRequestsOptions;
  #waiting: Item[] = [];
  #inFlight: Item | undefined;
  #link: Link | undefined;
  #patience: Timer | undefined;

  constructor(options: SessionRequestsOptions) {
    this.#options = options;
  }

  get link(): Link | undefined {
    return this.#link;
  }

  get inFlight(): SessionRequest | undefined {
    return this.#inFlight?.request;
  }

  request(request: SessionRequest, transaction = uuid()): Promise<Reply> {
    return new Promise((settle) => {
      this.#waiting.push({ request, transaction, settle });
      this.#sendNext();
    });
  }

  /** This link speaks for the session now; what has no answer yet is repeated on it. */
  open(link: Link): void {
    this.#link = link;
    if (this.#inFlight) this.#send(this.#inFlight, link);
    else this.#sendNext();
  }

  /** Nothing leaves until `open`; answers that still come are taken. */
  pause(): void {
    this.#link = undefined;
    this.#patience?.cancel();
  }

  /** Forgets what has not left yet, and with `inFlight` also what waits for its answer. */
  drop(error: string, options: { inFlight?: boolean } = {}): void {
    const dropped = [...(options.inFlight && this.#inFlight ? [this.#inFlight] : []), ...this.#waiting];
    if (options.inFlight) this.#forget();
    this.#waiting = [];
    for (const item of dropped) item.settle({ ok: false, error, isLost: true });
  }

  #sendNext(): void {
    if (this.#inFlight !== undefined || this.#link === undefined) return;
    this.#inFlight = this.#waiting.shift();
    if (this.#inFlight) this.#send(this.#inFlight, this.#link);
  }

  #send(item: Item, link: Link, patienceMs = firstPatienceMs): void {
    const { clock, knowsRepeats, send, sent } = this.#options;
    sent(item.request);
    void send(link, item.request, item.transaction).then((reply) => this.#answered(item, link, reply));
    this.#patience?.cancel();
    if (knowsRepeats()) this.#patience = clock.after(patienceMs, () => this.#send(item, link, 2 * patienceMs));
  }

  #forget(): void {
    this.#inFlight = undefined;
    this.#patience?.cancel();
  }

  #answered(item: Item, link: Link, reply: Reply): void {
    // An error on a link that no longer speaks for the session says nothing: the repeat will tell.
    if (item !== this.#inFlight || (!reply.ok && (reply.isLost || link !== this.#link))) return;
    this.#forget();
    this.#options.answered(item.request, reply);
    item.settle(reply);
    this.#sendNext();
  }
}

/** Between the gateway's parts a request may be lost while the sockets stay; doubled each time. */
const firstPatienceMs = 4_000;

interface Item {
  readonly request: SessionRequest;
  readonly transaction: string;
  readonly settle: (reply: Reply) => void;
}
