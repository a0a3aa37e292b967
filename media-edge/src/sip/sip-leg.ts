import { randomUUID } from 'node:crypto';
import { legId } from '@sylk/protocol/ids.ts';
import { callTextsBurst, callTextsPerSecond, rtpSilenceMs } from '@sylk/protocol/limits.ts';
import { type Accepted, type CallLeg, type LegEvent, UpdateRefused } from '../call/call-leg.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { MediaLine, Offer, Source } from '../call/media.ts';
import type { TransferProgress } from '../call/transfer.ts';
import type { CallText, TextOutcome } from '../ports/call-text.ts';
import type { TransportStats } from '../ports/sfu.ts';
import type { Trace } from '../ports/sip-endpoint.ts';
import { lineOf } from '../sdp/codecs.ts';
import type { PlainDescription } from '../sdp/plain-read.ts';
import type { DialogListener, SipDialog } from './dialog/sip-dialog.ts';
import type { LegContext } from './leg-context.ts';
import { neutralOffer } from './media/neutral-offer.ts';
import type { SipMedia } from './media/sip-media.ts';
import type { Prover } from './proofs.ts';
import { type Bucket, full, type Rate, take } from './protection/token-bucket.ts';

/** What a SIP leg does alike, whoever called: media, hold, digits, and the end. */
export abstract class SipLeg implements CallLeg {
  readonly id = legId(randomUUID());
  readonly kind = 'sip';
  protected readonly context: LegContext;
  protected readonly callId: string;
  protected media: SipMedia | undefined;
  protected dialog: SipDialog | undefined;
  protected isOver = false;
  /** What the peer is to get, while there is no transport yet. */
  #waitingSources: readonly Source[] = [];
  readonly #closeTap: (afterMs: number) => void;
  #isPeerHeld = false;
  #isHeldByPeer = false;
  /** What the other leg knows of what the peer sends. */
  #toldSources: readonly Source[] = [];
  /** The peer's wish for a picture, or for none, until the other leg has answered it. */
  #asked: ((lines: readonly MediaLine[]) => void) | undefined;
  /** How often the peer may write. */
  #texts: Bucket | undefined;
  #stopProving: () => void = () => undefined;
  #listener: ((event: LegEvent) => void) | undefined;
  /** What happened before anybody listened. */
  readonly #missed: LegEvent[] = [];

  protected constructor(context: LegContext, callId: string, trace: Trace) {
    this.context = context;
    this.callId = callId;
    this.#closeTap = context.taps.open(callId, trace);
    context.legs.add(this);
  }

  abstract start(offer: Offer): Promise<void>;
  abstract ring(early?: Accepted): Promise<void>;
  abstract accept(accepted: Accepted): Promise<void>;
  /** Ends what is not yet a confirmed dialog. */
  protected abstract abandon(cause: EndCause): void;

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#missed.splice(0)) listener(event);
  }

  /** The codec of the sound never changes, so there is nothing to ask the peer unless a picture comes or goes. */
  async update(offer: Offer): Promise<Accepted> {
    const { media, dialog } = this;
    if (media === undefined || dialog === undefined) throw new UpdateRefused(491, 'the phone has not answered yet');
    const hasPicture = lineOf(offer, 'video') !== undefined;
    const isAdded = hasPicture && (await media.addPicture(offer.lines));
    const isOther = hasPicture ? media.aimPicture(offer.lines) : media.removePicture();
    const refusal = isAdded || isOther ? await dialog.change() : undefined;
    if (refusal !== undefined && isAdded && media.removePicture())
      throw new UpdateRefused(refusal, 'the phone takes no picture in this call');
    return this.accepted(offer, media);
  }

  async answerUpdate(accepted: Accepted | undefined): Promise<void> {
    if (accepted !== undefined) await this.connect(accepted.sources);
    this.#asked?.(accepted?.answer.lines ?? []);
    this.#asked = undefined;
  }

  async connect(sources: readonly Source[]): Promise<void> {
    this.#waitingSources = sources;
    await this.media?.send(sources);
  }

  async hold(isHeld: boolean): Promise<void> {
    this.#isPeerHeld = isHeld;
    if (this.media?.holdPeer(isHeld)) this.dialog?.refresh();
  }

  async transferring(progress: TransferProgress): Promise<void> {
    await this.dialog?.tellTransfer(progress);
  }

  async write(text: CallText): Promise<TextOutcome> {
    return this.dialog?.write(text) ?? notAnswered;
  }

  async sendDtmf(digit: string, durationMs: number): Promise<void> {
    if (this.isOver) return;
    if (this.media?.canSendDtmf) this.media.transport.sendDtmf(digit, durationMs);
    else this.dialog?.sendInfo({ digit, durationMs });
  }

  async mediaCounts(): Promise<readonly TransportStats[]> {
    return Promise.all((this.media?.transports ?? []).map((transport) => transport.stats()));
  }

  async end(cause: EndCause): Promise<void> {
    if (this.isOver) return;
    try {
      this.finish();
      if (this.dialog === undefined) this.abandon(cause);
      else this.dialog.leave(cause);
    } catch (error) {
      this.context.log.warn({ err: error, callId: this.callId }, 'a SIP leg could not be ended as it should');
    }
  }

  /** Ends it from within: the call is told, and so is the peer. Resolves with the peer's word; never rejects. */
  async quit(cause: EndCause): Promise<void> {
    this.emit({ kind: 'ended', cause });
    await this.end(cause);
    await this.dialog?.closed;
  }

  protected emit(event: LegEvent): void {
    if (this.isOver) return;
    if (this.#listener === undefined) return void this.#missed.push(event);
    try {
      this.#listener(event);
    } catch (error) {
      // Events come from timers and sockets, where an exception would end the process.
      this.context.log.error({ err: error, callId: this.callId }, `nobody could work on the event '${event.kind}'`);
    }
  }

  /** It is over by the peer's doing, or by a fault. */
  protected over(cause: EndCause): void {
    if (this.isOver) return;
    this.emit({ kind: 'ended', cause });
    this.finish();
  }

  protected finish(): void {
    this.isOver = true;
    this.#asked?.([]);
    this.media?.close();
    this.context.legs.delete(this);
    if (this.dialog !== undefined) this.context.dialogs.delete(this.dialog.id);
    const lingerMs = 64 * this.context.timers.t1Ms;
    this.#closeTap(lingerMs);
    // Its BYE may be challenged as well.
    this.context.clock.after(lingerMs, this.#stopProving);
  }

  /** Challenges in this call are answered with what its account knows. */
  protected proveBy(prover: Prover): void {
    this.#stopProving = this.context.gateway.proofs.give(this.callId, prover);
  }

  protected note(label: string, detail?: string): void {
    this.context.taps.note(this.callId, label, detail);
  }

  /** Takes over a transport; closes it at once when the leg ended meanwhile. @returns false then */
  protected async adoptMedia(media: SipMedia): Promise<boolean> {
    if (this.isOver) {
      media.close();
      return false;
    }
    this.media = media;
    media.holdPeer(this.#isPeerHeld);
    this.#watch(media);
    await media.send(this.#waitingSources);
    return !this.isOver;
  }

  protected adoptDialog(dialog: SipDialog): void {
    this.dialog = dialog;
    this.context.dialogs.set(dialog.id, dialog);
  }

  /** Offer and answer are done; a hold that was asked for before goes out now. */
  protected begin(): void {
    if (this.#isPeerHeld && !this.isOver) this.dialog?.refresh();
  }

  /** What a dialog of this leg is made with, whoever called. */
  protected get forDialog() {
    const { gateway, clock, timers, flowOf, bodyOf, habits, dialogs, networks } = this.context;
    const isTrusted = (address: string) => networks.isTrusted(address);
    return { gateway, clock, timers, flowOf, bodyOf, habits, dialogs, legId: this.id, isTrusted };
  }

  protected dialogListener(): DialogListener {
    return {
      onEnded: (cause) => this.over(cause),
      onMediaChanged: () => this.tellChanges(),
      onOffer: (offer) => this.#offered(offer),
      onTransferAsked: (to) => this.emit({ kind: 'transferAsked', to }),
      onDigit: ({ digit, durationMs }) => this.emit({ kind: 'dtmf', digit, durationMs }),
      onWritten: (text, settle) => {
        if (this.isOver) settle(notAnswered);
        else if (!this.#mayWrite()) settle(tooMany);
        else this.emit({ kind: 'written', text, settle });
      },
      onRefused: (code) => this.note('change refused', `the other side refused the change with ${code}`),
      note: (label, detail) => this.note(label, detail),
    };
  }

  /** A phone that writes without end would fill the page, and what the page's session keeps for it. */
  #mayWrite(): boolean {
    const now = this.context.clock.now();
    const { isGranted, bucket } = take(this.#texts ?? full(textsRate, now), now, textsRate);
    this.#texts = bucket;
    return isGranted;
  }

  /** Tells of what is new by a description of the peer: who holds, and what it sends. */
  protected tellChanges(): void {
    this.tellHeld();
    const sources = this.media?.sources ?? [];
    const isSame =
      sources.length === this.#toldSources.length && sources.every((one) => this.#toldSources.includes(one));
    if (isSame) return;
    this.#toldSources = sources;
    this.emit({ kind: 'sourcesChanged', sources });
  }

  /** A picture that comes or goes is the other leg's business too. */
  #offered(offer: PlainDescription): Promise<readonly MediaLine[]> | undefined {
    const neutral = neutralOffer(offer, this.context.policy.codecs);
    const hasPicture = lineOf(neutral, 'video') !== undefined;
    if (this.media === undefined || hasPicture === this.media.hasPicture) return undefined;
    return new Promise((resolve) => {
      this.#asked = resolve;
      this.emit({ kind: 'updateOffered', offer: neutral });
    });
  }

  /** Tells of the peer's hold where it is new. */
  protected tellHeld(): void {
    const isHeld = this.media?.held.byPeer ?? false;
    if (isHeld === this.#isHeldByPeer) return;
    this.#isHeldByPeer = isHeld;
    this.emit({ kind: 'held', isHeld });
  }

  /** What this side answers to an offer of the other leg, and what it sends. */
  protected accepted(offer: Offer, media: SipMedia): Accepted {
    this.#toldSources = media.sources;
    return { answer: { lines: media.answerTo(offer) }, sources: media.sources };
  }

  #watch(media: SipMedia): void {
    const { transport } = media;
    media.onKeyFrameWanted(() => this.dialog?.askForPicture());
    transport.onDtmf((digit, durationMs) => this.emit({ kind: 'dtmf', digit, durationMs }));
    transport.onFirstPacket(() => this.emit({ kind: 'mediaUp' }));
    transport.onClosed(
      (reason) => void this.quit(causeOf(500, 'gateway', `the media of this call are gone: ${reason}`)),
    );
    transport.onSilence((silentMs) => {
      const isHeld = this.#isPeerHeld || (this.media?.held.byPeer ?? false);
      if (isHeld || silentMs < rtpSilenceMs) return;
      void this.quit(
        causeOf(408, 'network', `nothing was heard from the other side for ${Math.round(silentMs / 1000)} s`),
      );
    });
  }
}

const textsRate: Rate = { burst: callTextsBurst, perSecond: callTextsPerSecond };
const tooMany: TextOutcome = { code: 503, reason: 'Too many messages' };
const notAnswered: TextOutcome = { code: 481, reason: 'The call is not answered yet, or is over' };
