/**
 * What the peer wants changed in a dialog (RFC 3264 s. 8): answered here, from our side's own state.
 *
 *     re-INVITE with an offer     -> 200 with our answer  -> ACK
 *     re-INVITE without           -> 200 with our offer   -> ACK with the peer's answer
 *     UPDATE with an offer        -> 200 with our answer     (no ACK)
 */
import type { Core } from 'sip.js';
import type { MediaLine } from '../../call/media.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { type PlainDescription, readPlainDescription } from '../../sdp/plain-read.ts';
import { sdpBody, sdpOf } from '../headers/sip-body.ts';
import { refusalForOffer, wordsOf } from '../media/refused-description.ts';
import type { SipMedia } from '../media/sip-media.ts';
import { allowHeader } from '../message/allow.ts';
import { placeholderContact } from '../transport/outgoing-text.ts';
import type { AgreedInterval } from './session-refresh.ts';

export interface PeerOffersOptions {
  readonly media: SipMedia;
  readonly clock: Clock;
  /** How long an ACK may take: 64*T1 (RFC 3261 s. 13.3.1.4). */
  readonly ackMs: number;
  /** True if our 2xx to the first INVITE has the offer, so that its ACK has the answer. */
  readonly isAnswerDue: boolean;
  readonly listener: PeerOffersListener;
}

export interface PeerOffersListener {
  onChanged(): void;
  /** The peer offers. @returns what the other leg says to a picture that comes or goes; nothing where neither does */
  onOffer(offer: PlainDescription): Promise<readonly MediaLine[]> | undefined;
  /** Offers of our own may go out again. */
  onIdle(): void;
  onNoAck(): void;
  /** The answer to our offer is of no use; in words why. */
  onBadAnswer(words: string): void;
  note(label: string, detail?: string): void;
}

export class PeerOffers {
  readonly #options: PeerOffersOptions;
  #isAnswerDue: boolean;
  #isAnswering = false;
  #isOver = false;
  #ackTimer: Timer | undefined;

  constructor(options: PeerOffersOptions) {
    this.#options = options;
    this.#isAnswerDue = options.isAnswerDue;
  }

  /** True while no other offer may be made in either direction (RFC 3261 s. 14.1). */
  get isBusy(): boolean {
    return this.#isAnswering || this.#ackTimer !== undefined;
  }

  /** @param interval of the session, as our 2xx says it */
  invited(request: Core.IncomingInviteRequest, interval: AgreedInterval): void {
    if (request.message.body === '') return this.#offer(request, interval);
    this.#guard(this.#answer(request, interval, () => this.#awaitAck()));
  }

  updated(request: Core.UserAgentServer, interval: AgreedInterval): void {
    if (request.message.body === '') return acceptRefresh(request, interval);
    if (this.isBusy) return void request.reject({ statusCode: 500, extraHeaders: ['Retry-After: 2'] });
    this.#guard(this.#answer(request, interval, () => undefined));
  }

  /** An ACK came, with the answer where it is due. */
  acknowledged(message: Core.IncomingRequestMessage): Promise<void> | undefined {
    this.#stopAckTimer();
    const isDue = this.#isAnswerDue;
    this.#isAnswerDue = false;
    if (!isDue) return void this.#options.listener.onIdle();
    return this.takeAnswer(message).then(() => this.#options.listener.onIdle());
  }

  /** Takes the peer's answer to an offer of ours; never rejects. */
  async takeAnswer(message: Core.IncomingMessage): Promise<void> {
    const { media, listener } = this.#options;
    try {
      const sdp = sdpOf(message);
      if (sdp === undefined) throw new Error('the answer has no session description');
      await media.takeAnswer(sdp);
      if (!this.#isOver) listener.onChanged();
    } catch (error) {
      if (!this.#isOver) listener.onBadAnswer(wordsOf(error));
    }
  }

  close(): void {
    this.#isOver = true;
    this.#stopAckTimer();
  }

  #offer(request: Core.IncomingInviteRequest, interval: AgreedInterval): void {
    // RFC 3261 s. 14.2: our own offer of the first answer is still open.
    if (this.#isAnswerDue) return void request.reject({ statusCode: 491 });
    const body = sdpBody(this.#options.media.writeOffer());
    request.accept({ statusCode: 200, extraHeaders: [contact, allowHeader, ...interval.headers], body });
    interval.begin();
    this.#isAnswerDue = true;
    this.#awaitAck();
  }

  async #answer(request: Core.IncomingRequest, interval: AgreedInterval, onAccepted: () => void): Promise<void> {
    const { media, listener } = this.#options;
    this.#isAnswering = true;
    try {
      const offer = readPlainDescription(request.message.body);
      const wanted = await listener.onOffer(offer);
      if (this.#isOver) return;
      const sdp = await media.answerOffer(offer, wanted ?? []);
      if (this.#isOver) return;
      const extraHeaders = [contact, allowHeader, ...interval.headers];
      request.accept({ statusCode: 200, extraHeaders, body: sdpBody(sdp) });
      interval.begin();
      onAccepted();
      listener.onChanged();
    } catch (error) {
      listener.note('change refused', wordsOf(error));
      if (!this.#isOver) request.reject(refusalForOffer(error));
    } finally {
      this.#isAnswering = false;
      listener.onIdle();
    }
  }

  /** sip.js would keep a re-INVITE without ACK for ever. */
  #awaitAck(): void {
    this.#stopAckTimer();
    this.#ackTimer = this.#options.clock.after(this.#options.ackMs, () => this.#options.listener.onNoAck());
  }

  #stopAckTimer(): void {
    this.#ackTimer?.cancel();
    this.#ackTimer = undefined;
  }

  /** An answer that can no longer be given is no fault of anybody: the call has ended meanwhile. */
  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => this.#options.listener.note('answer not sent', wordsOf(error)));
  }
}

const contact = `Contact: ${placeholderContact}`;

/** RFC 3311 s. 5.2: without an offer there is nothing in its way. */
function acceptRefresh(request: Core.IncomingRequest, interval: AgreedInterval): void {
  request.accept({ statusCode: 200, extraHeaders: [contact, ...interval.headers] });
  interval.begin();
}
