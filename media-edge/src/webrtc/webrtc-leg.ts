import type { LegId } from '@sylk/protocol/ids.ts';
import type { SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Accepted, CallLeg, LegEvent } from '../call/call-leg.ts';
import { type EndCause, reasonText } from '../call/end-cause.ts';
import { causeOfFailure } from '../call/failure.ts';
import type { Offer, Source } from '../call/media.ts';
import { Serial } from '../call/serial.ts';
import type { NewPartner, TransferProgress } from '../call/transfer.ts';
import type { CallText, TextOutcome } from '../ports/call-text.ts';
import type { TransportStats } from '../ports/sfu.ts';
import { type BrowserDescription, isOtherPeer, readBrowserDescription } from '../sdp/browser-offer.ts';
import { fitsRouter } from '../sdp/rtp-parameters.ts';
import type { BrowserSession, SessionMedia } from '../session/browser-session.ts';
import type { SessionAct, SessionTell } from '../session/messages.ts';
import { type BrowserMedia, withoutSources } from './browser-media.ts';
import { isHeldBy } from './change.ts';
import { causeOfHangUp } from './hang-up.ts';
import { LegMedia } from './leg-media.ts';
import type { WebRtcLegOptions } from './leg-options.ts';
import { answerTo, MidCall } from './mid-call.ts';
import { sdpProblem } from './sdp-problem.ts';
import { writtenBy } from './written.ts';

/** A browser as one side of a call: its session for the signaling, its transport for the media. */
export class WebRtcLeg implements CallLeg, SessionMedia {
  readonly id: LegId;
  readonly kind = 'browser';
  readonly #options: WebRtcLegOptions;
  readonly #serial = new Serial();
  readonly #midCall: MidCall;
  #listener: (event: LegEvent) => void = () => undefined;
  #session: BrowserSession | undefined;
  readonly #media: LegMedia;
  /** The caller's first offer; a page that is reloaded while it waits brings another. */
  #firstOffer: BrowserDescription | undefined;
  #state: 'new' | 'early' | 'answered' | 'ended' = 'new';

  constructor(options: WebRtcLegOptions) {
    this.id = options.id;
    this.#options = options;
    this.#session = options.role.kind === 'caller' ? options.role.session : undefined;
    this.#firstOffer = options.role.kind === 'caller' ? options.role.offer : undefined;
    this.#media = new LegMedia({
      ...options,
      onUp: () => this.#mediaUp(),
      onLost: () => this.#tell({ kind: 'mediaLost' }),
      onFailed: (cause) => this.#endBy(cause),
      onCapacity: (bps) => this.#emit({ kind: 'capacity', bps }),
    });
    this.#midCall = new MidCall({
      withMedia: (work) => this.#withMedia(work),
      tell: (tell) => this.#tell(tell),
      emit: (event) => this.#emit(event),
      log: (text, error) => this.#log(text, error),
    });
  }

  get session(): BrowserSession | undefined {
    return this.#session;
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  async start(offer: Offer): Promise<void> {
    const { role } = this.#options;
    if (role.kind === 'caller') throw new Error('a browser that calls cannot be dialled');
    await this.#withMedia(async (media) => {
      const sdp = media.offer(offer.lines);
      if (this.#state === 'ended') return;
      this.#session = role.ring(sdp);
      this.#session.attach(this);
      if (!role.confirmsRinging) this.#emit({ kind: 'ringing' });
    });
  }

  async trying(code: number): Promise<void> {
    this.#tell({ kind: 'proceeding', code });
  }

  async ring(early?: Accepted): Promise<void> {
    if (early) await this.#withMedia((media) => this.#answerFirst(media, early, 'early'));
    else this.#tell({ kind: 'ringing' });
  }

  async accept(accepted: Accepted): Promise<void> {
    await this.#withMedia((media) => this.#answerFirst(media, accepted, 'answered'));
  }

  /** This device has won the call that rang. */
  won(): void {
    this.#state = 'answered';
    this.#tell({ kind: 'accepted' });
    this.#media.expect();
  }

  update(offer: Offer): Promise<Accepted> {
    return this.#midCall.ask(offer);
  }

  abandonUpdate(): void {
    this.#do('abandon an offer', () => this.#midCall.abandon());
  }

  answerUpdate(accepted: Accepted | undefined): Promise<void> {
    return this.#orRefuse(() => this.#midCall.answerAsked(accepted));
  }

  async connect(sources: readonly Source[]): Promise<void> {
    const isMisleading = await this.#withMedia((media) => media.connect(sources));
    if (isMisleading && this.#state === 'answered') await this.#midCall.correct();
  }

  async hold(isHeld: boolean): Promise<void> {
    this.#tell({ kind: 'held', isHeld });
  }

  async sendDtmf(digit: string, durationMs: number): Promise<void> {
    this.#tell({ kind: 'dtmf', digit, durationMs });
  }

  async write(text: CallText): Promise<TextOutcome> {
    this.#tell({ kind: 'written', text });
    return { code: 200, reason: 'OK' };
  }

  async transferring(progress: TransferProgress): Promise<void> {
    if (progress.state !== 'failed') this.#tell({ kind: 'transfer', state: progress.state });
    else this.#tell({ kind: 'transfer', state: 'failed', reason: reasonText(progress.cause) });
  }

  async transferred(to: NewPartner): Promise<void> {
    this.#tell({ kind: 'transferred', to });
  }

  async limitBitrate(bps: number): Promise<void> {
    await this.#withMedia((media) => media.transport.setMaxIncomingBitrate(bps));
  }

  async mediaCounts(): Promise<readonly TransportStats[]> {
    const media = await this.#media.current;
    return [await media.transport.stats()];
  }

  async end(cause: EndCause): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#tell({ kind: 'ended', reason: reasonText(cause) });
    this.#midCall.end(cause);
    await this.#media.close();
  }

  problemIn(request: SessionRequest | SessionResume): string | undefined {
    if (!('sdp' in request) || typeof request.sdp !== 'string') return undefined;
    return sdpProblem(request.sdp);
  }

  act(act: SessionAct): void {
    switch (act.kind) {
      case 'ringing':
        this.#emit({ kind: 'ringing' });
        break;
      case 'transfer':
        this.#emit({ kind: 'transferAsked', to: act.to });
        break;
      case 'dtmf':
        for (const digit of act.digits) this.#emit({ kind: 'dtmf', digit, durationMs: act.durationMs });
        break;
      case 'write':
        this.#emit(writtenBy(act.text, this.#session?.attachment, (tell) => this.#tell(tell)));
        break;
      case 'hangUp':
        this.#endBy(causeOfHangUp(act, { role: this.#options.role.kind, isAnswered: this.#state === 'answered' }));
        break;
      case 'answer':
        this.#do('take the answer', () => this.#takeFirstAnswer(readBrowserDescription(act.sdp), act.headers));
        break;
      case 'offer':
        this.#do('answer an offer', () => this.#orRefuse(() => this.#midCall.offered(readBrowserDescription(act.sdp))));
        break;
      case 'answerUpdate':
        this.#do('take an answer', () => this.#midCall.takeAnswer(readBrowserDescription(act.sdp)));
        break;
      case 'restartIce':
        this.#do('restart ICE', () => this.#resumed(readBrowserDescription(act.sdp)));
        break;
    }
  }

  /** Answers the caller's offer at its first early media, or at the answer; afterwards its codec is fixed. */
  async #answerFirst(media: BrowserMedia, accepted: Accepted, state: 'early' | 'answered'): Promise<void> {
    if (this.#state === 'ended' || !this.#firstOffer) return;
    const told = { callId: accepted.callId, headers: accepted.headers };
    if (this.#state === 'early') {
      await media.connect(accepted.sources);
      this.#state = state;
      this.#tell({ kind: 'accepted', ...told });
      return;
    }
    const sdp = await media.answer(this.#firstOffer, { lines: accepted.answer.lines, sources: accepted.sources });
    this.#state = state;
    this.#tell(
      state === 'early' ? { kind: 'early', sdp, callId: accepted.callId } : { kind: 'accepted', sdp, ...told },
    );
    this.#media.expect();
    this.#emit({ kind: 'sourcesChanged', sources: media.sources });
  }

  async #takeFirstAnswer(
    answer: BrowserDescription,
    headers: readonly { name: string; value: string }[],
  ): Promise<void> {
    await this.#withMedia(async (media) => {
      const offered = { lines: media.farSide.lines };
      await media.takeAnswer(answer);
      this.#emit({
        kind: 'answered',
        answer: answerTo(offered, answer),
        sources: media.sources,
        headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
      });
    });
  }

  /** The client is back with an offer: it restarts ICE, or, reloaded, it is a new peer that needs a new transport. */
  async #resumed(offer: BrowserDescription): Promise<void> {
    await this.#withMedia(async (media) => {
      if (this.#state === 'new' && this.#firstOffer) {
        this.#firstOffer = offer;
        if (!fitsRouter(offer, media.capabilities)) await this.#media.replace(offer);
      } else if (media.browser) await this.#answerResumed(media, media.browser, offer);
    });
  }

  async #answerResumed(old: BrowserMedia, before: BrowserDescription, offer: BrowserDescription): Promise<void> {
    const isReloaded = isOtherPeer(before, offer);
    const far = isReloaded ? withoutSources(old.farSide, old.sources) : old.farSide;
    const media = isReloaded ? await this.#media.replace(offer) : old;
    if (isReloaded) {
      this.#midCall.forget();
      this.#tell({ kind: 'mediaLost' });
    }
    this.#tell({ kind: 'restarted', sdp: await media.answer(offer, far) });
    this.#media.expect();
    if (isReloaded) this.#emit({ kind: 'sourcesChanged', sources: media.sources });
    if (isHeldBy(before) !== isHeldBy(offer)) this.#emit({ kind: 'held', isHeld: isHeldBy(offer) });
  }

  #mediaUp(): void {
    this.#tell({ kind: 'mediaUp' });
    this.#emit({ kind: 'mediaUp' });
  }

  /** Ends the leg from its own side, and tells the call. */
  #endBy(cause: EndCause): void {
    if (this.#state === 'ended') return;
    this.end(cause).catch((error: unknown) => this.#log('could not be ended as it should', error));
    this.#emit({ kind: 'ended', cause });
  }

  #tell(tell: SessionTell): void {
    this.#session?.tell(tell);
  }

  #emit(event: LegEvent): void {
    if (this.#state !== 'ended' || event.kind === 'ended') this.#listener(event);
  }

  #withMedia<Result>(work: (media: BrowserMedia) => Promise<Result>): Promise<Result> {
    return this.#serial.run(async () => work(await this.#media.current));
  }

  /** A change that cannot be made is refused to the browser; the call goes on as before. */
  async #orRefuse(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const cause = causeOfFailure(error);
      this.#log('a change could not be made', error);
      this.#tell({ kind: 'updateFailed', reason: reasonText(cause) });
    }
  }

  /** Carries out what the client wants; what fails for good ends the leg. */
  #do(what: string, work: () => Promise<void>): void {
    work().catch((error: unknown) => {
      this.#log(`could not ${what}`, error);
      this.#endBy(causeOfFailure(error));
    });
  }

  #log(text: string, error: unknown): void {
    this.#options.log.warn({ leg: this.id, err: error }, text);
  }
}
