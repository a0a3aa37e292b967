import type { LegId } from '@sylk/protocol/ids.ts';
import type { SessionRequest, SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Accepted, CallLeg, LegEvent } from '../call/call-leg.ts';
import { type EndCause, reasonText } from '../call/end-cause.ts';
import { causeOfFailure } from '../call/failure.ts';
import type { Offer, Source } from '../call/media.ts';
import { Serial } from '../call/serial.ts';
import { type BrowserDescription, isOtherPeer, readBrowserDescription } from '../sdp/browser-offer.ts';
import type { BrowserSession, SessionMedia } from '../session/browser-session.ts';
import type { SessionAct, SessionTell } from '../session/messages.ts';
import { BrowserMedia } from './browser-media.ts';
import { causeOfHangUp } from './hang-up.ts';
import type { WebRtcLegOptions } from './leg-options.ts';
import { LossWatch } from './loss-watch.ts';
import { MediaWatch } from './media-watch.ts';
import { answerTo, MidCall } from './mid-call.ts';
import { sdpProblem } from './sdp-problem.ts';

/** A browser as one side of a call: its session for the signaling, its transport for the media. */
export class WebRtcLeg implements CallLeg, SessionMedia {
  readonly id: LegId;
  readonly kind = 'browser';
  readonly #options: WebRtcLegOptions;
  readonly #serial = new Serial();
  readonly #midCall: MidCall;
  #listener: (event: LegEvent) => void = () => undefined;
  #session: BrowserSession | undefined;
  #media: Promise<BrowserMedia>;
  #watch: MediaWatch | undefined;
  #losses: LossWatch | undefined;
  /** The caller's first offer; a page that is reloaded while it waits brings another. */
  #firstOffer: BrowserDescription | undefined;
  #state: 'new' | 'early' | 'answered' | 'ended' = 'new';

  constructor(options: WebRtcLegOptions) {
    this.id = options.id;
    this.#options = options;
    this.#session = options.role.kind === 'caller' ? options.role.session : undefined;
    this.#firstOffer = options.role.kind === 'caller' ? options.role.offer : undefined;
    this.#media = this.#makeMedia();
    this.#midCall = new MidCall({
      withMedia: (work) => this.#withMedia(work),
      tell: (tell) => this.#tell(tell),
      emit: (event) => this.#emit(event),
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
    this.#watch?.start();
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

  async limitBitrate(bps: number): Promise<void> {
    await this.#withMedia((media) => media.transport.setMaxIncomingBitrate(bps));
  }

  async end(cause: EndCause): Promise<void> {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#tell({ kind: 'ended', reason: reasonText(cause) });
    this.#midCall.end(cause);
    this.#watch?.stop();
    this.#losses?.stop();
    await this.#media.then(
      (media) => media.close(),
      (error: Error) => this.#log('no transport to close', error),
    );
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
      case 'dtmf':
        for (const digit of act.digits) this.#emit({ kind: 'dtmf', digit, durationMs: act.durationMs });
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

  async #makeMedia(): Promise<BrowserMedia> {
    const { router, clock, trace } = this.#options;
    const transport = await router.createBrowserTransport();
    this.#watch = new MediaWatch({
      transport,
      clock,
      trace,
      onUp: () => this.#mediaUp(),
      onLost: () => this.#tell({ kind: 'mediaLost' }),
      onFailed: (cause) => this.#endBy(cause),
    });
    const media = new BrowserMedia(router, transport);
    this.#watchCapacity(media);
    return media;
  }

  /** What the browser can take: by its own estimate, or, where we answered and there is none, by what it loses. */
  #watchCapacity(media: BrowserMedia): void {
    const { clock, log } = this.#options;
    const { transport } = media;
    const onCapacity = (bps: number) => this.#emit({ kind: 'capacity', bps });
    this.#losses?.stop();
    this.#losses = new LossWatch({ transport, clock, log, onCapacity, getsVideo: () => media.getsVideo });
    transport.onReceiverEstimate((bps) => {
      this.#losses?.stop();
      onCapacity(bps);
    });
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
    this.#watch?.start();
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
    if (this.#state === 'new' && this.#firstOffer) {
      this.#firstOffer = offer;
      return;
    }
    await this.#withMedia(async (media) => {
      if (!media.browser) return;
      const now = isOtherPeer(media.browser, offer) ? await this.#replaceMedia(media) : media;
      this.#tell({ kind: 'restarted', sdp: await now.answer(offer, media.farSide) });
      this.#watch?.start();
      if (now !== media) this.#emit({ kind: 'sourcesChanged', sources: now.sources });
    });
  }

  async #replaceMedia(old: BrowserMedia): Promise<BrowserMedia> {
    this.#watch?.stop();
    this.#tell({ kind: 'mediaLost' });
    old.close();
    this.#media = this.#makeMedia();
    return this.#media;
  }

  #mediaUp(): void {
    this.#losses?.start();
    this.#tell({ kind: 'mediaUp' });
    this.#emit({ kind: 'mediaUp' });
  }

  /** Ends the leg from its own side, and tells the call. */
  #endBy(cause: EndCause): void {
    if (this.#state === 'ended') return;
    void this.end(cause);
    this.#emit({ kind: 'ended', cause });
  }

  #tell(tell: SessionTell): void {
    this.#session?.tell(tell);
  }

  #emit(event: LegEvent): void {
    if (this.#state !== 'ended' || event.kind === 'ended') this.#listener(event);
  }

  #withMedia<Result>(work: (media: BrowserMedia) => Promise<Result>): Promise<Result> {
    return this.#serial.run(async () => work(await this.#media));
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
