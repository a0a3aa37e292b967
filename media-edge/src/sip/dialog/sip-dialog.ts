/**
 * A confirmed (or just answered) dialog of one leg: what the peer asks within it is answered here,
 * without the other leg (session refresh, hold, change of address); what we want goes out from here.
 *
 *     answered --ACK--> confirmed --BYE, 481, 408--> over
 *        |                 |  ^
 *        |                 +--+ re-INVITE, UPDATE, INFO
 *        +--no ACK in 64*T1--> BYE --> over
 */
import type { LegId } from '@sylk/protocol/ids.ts';
import type { Core } from 'sip.js';
import { causeOf, type EndCause, normalEnd } from '../../call/end-cause.ts';
import type { TransferProgress } from '../../call/transfer.ts';
import type { CallText, TextOutcome } from '../../ports/call-text.ts';
import { reasonHeader, reasonOf } from '../headers/reason-header.ts';
import { infoBody, pictureBody, sdpBody } from '../headers/sip-body.ts';
import { wordsOf } from '../media/refused-description.ts';
import { allowHeader } from '../message/allow.ts';
import { placeholderContact } from '../transport/outgoing-text.ts';
import type { SipDialogOptions } from './dialog-options.ts';
import { DialogTexts } from './dialog-texts.ts';
import { clampDuration, type Digit, infoFromDigit } from './dtmf-info.ts';
import { answerInfo } from './info-request.ts';
import { PeerOffers } from './peer-offers.ts';
import { Referral } from './referral.ts';
import { refreshTarget } from './remote-target.ts';
import { Reoffer } from './reoffer.ts';
import { SessionRefresh } from './session-refresh.ts';

export type { DialogListener, SipDialogOptions } from './dialog-options.ts';

export class SipDialog {
  readonly #options: SipDialogOptions;
  readonly #reoffer: Reoffer;
  readonly #peer: EndCause['by'];
  readonly #offers: PeerOffers;
  readonly #referral: Referral;
  readonly #session: SessionRefresh;
  readonly #texts: DialogTexts;
  #isConfirmed: boolean;
  readonly #settled = Promise.withResolvers<void>();
  /** Why we hang up, while that has to wait for the ACK. */
  #leaving: EndCause | undefined;
  #isOver = false;
  readonly #closed: Promise<void>;
  #close: () => void = () => undefined;

  constructor(options: SipDialogOptions) {
    this.#options = options;
    this.#peer = options.role === 'uac' ? 'callee' : 'caller';
    this.#isConfirmed = options.role === 'uac';
    if (this.#isConfirmed) this.#settled.resolve();
    this.#closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    this.#offers = this.#makePeerOffers();
    this.#reoffer = this.#makeReoffer();
    this.#referral = this.#makeReferral();
    this.#session = this.#makeRefresh();
    this.#texts = new DialogTexts(options);
    options.session.delegate = this.#delegate();
  }

  get id(): string {
    return this.#options.session.id;
  }

  get legId(): LegId {
    return this.#options.legId;
  }

  /** Where the peer is, once it has shown that it is there: by its answer, or by acknowledging ours. */
  get provenAddress(): string | undefined {
    return this.#isConfirmed ? this.#options.path.peerAddress : undefined;
  }

  /** Resolves when the peer has answered our BYE, or sent its own. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /** Brings the peer to the media as they are wanted now. */
  refresh(): void {
    if (!this.#isOver) this.#reoffer.want();
  }

  /** The same. @returns the code with which the peer refuses, or nothing when it has agreed */
  async change(): Promise<number | undefined> {
    return this.#isOver ? 481 : this.#reoffer.ask();
  }

  /** Asks for a whole picture, where RTCP may not be understood. Who does not know this either refuses it. */
  askForPicture(): void {
    const { gateway, path, session } = this.#options;
    if (this.#isOver || !this.#isConfirmed) return;
    gateway.within(path, () => session.info(undefined, { body: pictureBody }));
  }

  /** For a peer that has no telephone events. */
  sendInfo(digit: Digit): void {
    const { gateway, path, session } = this.#options;
    if (this.#isOver || !this.#isConfirmed) return;
    const durationMs = clampDuration(digit.durationMs);
    gateway.within(path, () => session.info(undefined, { body: infoBody(infoFromDigit({ ...digit, durationMs })) }));
  }

  /** Something that the other side has written; a UAS sends it once it has the ACK. */
  async write(text: CallText): Promise<TextOutcome> {
    await this.#settled.promise;
    return this.#isOver ? { code: 481, reason: 'The call is over' } : this.#texts.send(text);
  }

  /** Hangs up; a UAS that has no ACK yet does so as soon as it may (RFC 3261 s. 15). Safe to repeat. */
  leave(cause: EndCause): void {
    if (this.#isOver || this.#leaving !== undefined) return;
    this.#leaving = cause;
    if (!this.#isConfirmed) return;
    // A phone that has asked for a transfer hears first how it went.
    void this.#referral.settled.then(() => {
      if (!this.#isOver) this.#bye(cause);
    });
  }

  /** How far the transfer is that the peer asked for. */
  async tellTransfer(progress: TransferProgress): Promise<void> {
    if (!this.#isOver) await this.#referral.tell(progress);
  }

  /** Answers an UPDATE (RFC 3311 s. 5.2). */
  update(request: Core.UserAgentServer): void {
    this.#hear(request.message);
    const interval = this.#session.answerTo(request);
    if (interval === undefined) return;
    if (this.#reoffer.isOffering && request.message.body !== '') return void request.reject({ statusCode: 491 });
    this.#offers.updated(request, interval);
  }

  #makePeerOffers(): PeerOffers {
    const { media, clock, timers, isAnswerDue, listener } = this.#options;
    return new PeerOffers({
      media,
      clock,
      ackMs: 64 * timers.t1Ms,
      isAnswerDue,
      listener: {
        onChanged: () => listener.onMediaChanged(),
        onOffer: (offer) => listener.onOffer(offer),
        onIdle: () => this.#reoffer.resume(),
        onNoAck: () => this.#notAcknowledged(),
        onBadAnswer: (words) => this.#quit(causeOf(488, this.#peer, words)),
        note: (label, text) => listener.note(label, text),
      },
    });
  }

  #makeReoffer(): Reoffer {
    const { clock, role, gateway, path, session, media } = this.#options;
    return new Reoffer({
      clock,
      isOwner: role === 'uac',
      isReady: () => this.#isConfirmed && !this.#isOver && !this.#offers.isBusy,
      send: (delegate) => {
        const body = sdpBody(media.writeOffer());
        const extraHeaders = [contact, allowHeader, ...this.#session.headers];
        gateway.within(path, () => session.invite(delegate, { body, extraHeaders }));
      },
      onAccepted: (message) => {
        refreshTarget(session, message);
        this.#session.accepted(message);
      },
      onAnswered: (message) => {
        this.#hear(message);
        return this.#offers.takeAnswer(message);
      },
      onLost: (code) => this.#forgotten(code),
      onRefused: (code) => this.#options.listener.onRefused(code),
    });
  }

  #makeReferral(): Referral {
    const { gateway, path, session, dialogs, isTrusted, listener } = this.#options;
    return new Referral({
      session,
      dialogs,
      send: (work) => gateway.within(path, work),
      isTrusted: () => path.peerAddress !== undefined && isTrusted(path.peerAddress),
      onAsked: (to) => listener.onTransferAsked(to),
      note: (label, text) => listener.note(label, text),
    });
  }

  #makeRefresh(): SessionRefresh {
    return new SessionRefresh({
      ...this.#options,
      reoffer: () => this.refresh(),
      onLost: (code) => this.#forgotten(code),
      onExpired: () => this.#quit(causeOf(408, 'network', 'the other side no longer refreshes the call')),
    });
  }

  #delegate(): Core.SessionDelegate {
    return {
      onAck: ({ message }) => this.#acknowledged(message),
      onAckTimeout: () => this.#notAcknowledged(),
      onBye: (request) => this.#byeReceived(request),
      onInfo: (request) => {
        this.#hear(request.message);
        answerInfo(request, this.#options.media, this.#options.listener);
      },
      onRefer: (request) => {
        this.#hear(request.message);
        if (this.#leaving !== undefined) request.reject({ statusCode: 481 });
        else this.#referral.received(request);
      },
      onInvite: (request) => this.#invited(request),
      onMessage: (request) => {
        this.#hear(request.message);
        this.#texts.received(request);
      },
    };
  }

  #acknowledged(message: Core.IncomingRequestMessage): Promise<void> | undefined {
    this.#hear(message);
    this.#isConfirmed = true;
    this.#settled.resolve();
    this.#options.listener.onConfirmed?.();
    if (this.#leaving === undefined) return this.#offers.acknowledged(message);
    this.#bye(this.#leaving);
    return undefined;
  }

  /** RFC 3261 s. 13.3.1.4: an answer that nobody acknowledges ends the call. */
  #notAcknowledged(): void {
    if (this.#isOver) return;
    this.#isConfirmed = true;
    this.#quit(this.#leaving ?? causeOf(408, 'network', 'the other side never acknowledged the answer (no ACK)'));
  }

  #byeReceived(request: Core.IncomingRequest): void {
    this.#hear(request.message);
    request.accept();
    this.#lost({ ...normalEnd(this.#peer), ...detail(reasonOf(request.message)) });
  }

  /** RFC 3261 s. 14.2. */
  #invited(request: Core.IncomingInviteRequest): void {
    this.#hear(request.message);
    if (this.#leaving !== undefined) return void request.reject({ statusCode: 487 });
    const interval = this.#session.answerTo(request);
    if (interval !== undefined) this.#offers.invited(request, interval);
  }

  #bye(cause: EndCause): void {
    const { gateway, path, session } = this.#options;
    this.#end();
    const done = () => this.#close();
    const delegate = { onAccept: done, onReject: done, onRedirect: done };
    try {
      gateway.within(path, () => session.bye(delegate, { extraHeaders: [reasonHeader(cause)] }));
    } catch (error) {
      this.#options.listener.note('BYE not sent', wordsOf(error));
      done();
    }
  }

  /** RFC 3261 s. 12.2.1.2: after 481 there is nobody to say goodbye to, after silence there may be. */
  #forgotten(code: number): void {
    const cause = causeOf(code, 'network', 'the other side no longer knows this call');
    if (code === 408) this.#quit(cause);
    else this.#lost(cause);
  }

  /** Ends it from our side, whatever was wanted before. */
  #quit(cause: EndCause): void {
    if (this.#isOver) return;
    this.#bye(cause);
    this.#lost(cause);
  }

  #lost(cause: EndCause): void {
    this.#end();
    this.#options.session.dispose();
    this.#close();
    this.#options.listener.onEnded(cause);
  }

  #end(): void {
    this.#isOver = true;
    this.#settled.resolve();
    this.#offers.close();
    this.#session.close();
    this.#reoffer.close();
    // sip.js goes on repeating a 2xx that still waits for its ACK when the dialog ends, for ever.
    Object.assign(this.#options.session, { reinviteUserAgentServer: undefined, ackWait: false });
  }

  #hear(message: Core.IncomingMessage): void {
    const flow = this.#options.flowOf(message);
    if (flow !== undefined) this.#options.path.heardFrom(flow);
  }
}

const contact = `Contact: ${placeholderContact}`;
const detail = (text: string | undefined) => (text === undefined ? {} : { detail: text });
