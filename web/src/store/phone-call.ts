import type { Call } from '../client/call.ts';
import type { CallState, StateData } from '../client/call-types.ts';
import type { Clock, Timer } from '../client/clock.ts';
import { closeMediaStream } from '../client/media-elements.ts';
import { type CallEnd, wasNeverReached } from './call-end.ts';
import { CallTransfer } from './call-transfer.ts';
import type { StoreMessages } from './messages/en.ts';
import { QualityWatch } from './quality-watch.ts';
import { Sentence } from './sentence.ts';
import type { CallView } from './snapshot.ts';

export interface PhoneCallOptions {
  readonly clock: Clock;
  readonly messages: StoreMessages;
  changed(call: PhoneCall): void;
  ended(call: PhoneCall, end: CallEnd): void;
  /** The resume state of the library's call has changed. */
  remember(): void;
  /** A device that is being sent was unplugged or taken away. */
  deviceLost(call: PhoneCall, track: MediaStreamTrack): void;
}

/** One call as the page shows it, from the moment a person wants it to its end. */
export class PhoneCall {
  readonly #options: PhoneCallOptions;
  transfer: CallTransfer | undefined;
  #view: CallView;
  #call: Call | undefined;
  #local: MediaStream | undefined;
  #quality: QualityWatch | undefined;
  #videoQuestion: Timer | undefined;
  #isAnswered = false;
  #isMediaUp = false;
  #isLinkLost = false;
  #isByMe = false;
  #hasRung = false;
  #isOver = false;

  constructor(view: CallView, options: PhoneCallOptions) {
    this.#view = view;
    this.#options = options;
  }

  get id(): string {
    return this.#view.id;
  }

  get view(): CallView {
    return this.#view;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get isEstablished(): boolean {
    return this.#view.phase === 'established';
  }

  get streams(): { local: MediaStream | undefined; remote: MediaStream | undefined } {
    return { local: this.#local, remote: this.#call?.getRemoteStreams()[0] };
  }

  /** @throws Sentence when the call is over, or not yet there */
  get call(): Call {
    if (this.#call === undefined || this.#isOver) throw new Sentence(this.#options.messages.error.callGone);
    return this.#call;
  }

  /** For a page that is loaded again; `undefined` while nothing could be resumed. */
  get resumeState() {
    return this.#isOver || this.#view.phase === 'ending' ? undefined : this.#call?.resumeState;
  }

  /** The library's call to this one; events follow. */
  adopt(call: Call): void {
    this.#call = call;
    call.on('stateChanged', (_old, state, data) => this.#stateChanged(state, data));
    call.on('streamAdded', () => this.#mediaChanged());
    call.on('mediaUpdated', () => this.#mediaChanged());
    call.on('hold', ({ held }) => this.patch({ isHeldByThem: held }));
    call.on('pathChanged', () => this.#showReconnecting());
    call.on('updateRequest', () => this.#askForVideo());
    this.transfer = new CallTransfer(call, this.#options.messages, (transfer) => this.patch({ transfer }));
    call.on('transferred', ({ remoteIdentity: { uri, displayName } }) => this.patch({ peer: { uri, displayName } }));
    call.on('resumeStateChanged', () => this.#options.remember());
  }

  /** A call that another life of this page has had. */
  adoptRestored(call: Call, since: { readonly establishedAt: number }): void {
    this.adopt(call);
    this.#isAnswered = true;
    this.patch({ establishedAt: since.establishedAt });
    call.once('mediaUpdated', () => {
      this.#isMediaUp = true;
      this.#advance('connecting');
    });
  }

  /** What this side sends; stopped with the call, at once when that is over already. */
  send(stream: MediaStream): void {
    if (this.#isOver) return closeMediaStream(stream);
    this.#local = stream;
    for (const track of stream.getTracks()) this.#watchTrack(track);
    this.patch({ hasLocalVideo: stream.getVideoTracks().length > 0 });
  }

  /** The device behind a track of this kind that is being sent; `undefined` when none is. */
  trackOf(kind: 'microphone' | 'camera'): MediaStreamTrack | undefined {
    const tracks = kind === 'camera' ? this.#local?.getVideoTracks() : this.#local?.getAudioTracks();
    return tracks?.[0];
  }

  /** Another device in the place of the one before; muted if that was. */
  async exchange(old: MediaStreamTrack, track: MediaStreamTrack): Promise<void> {
    track.enabled = old.enabled;
    this.#watchTrack(track);
    if (this.#call === undefined || !(await this.#call.replaceTrack(old, track))) track.stop();
    this.patch({});
  }

  patch(change: Partial<CallView>): void {
    this.#view = { ...this.#view, ...change };
    this.#options.changed(this);
  }

  mute(isMuted: boolean): void {
    for (const track of this.#local?.getAudioTracks() ?? []) track.enabled = !isMuted;
    this.patch({ isMuted });
  }

  /** Keeps the picture black rather than ending it: it comes back at once, and nobody is asked again. */
  turnCamera(isOn: boolean): void {
    for (const track of this.#local?.getVideoTracks() ?? []) track.enabled = isOn;
    this.patch({ isCameraOff: !isOn });
  }

  /** @throws Sentence when the other side does not take it */
  async addVideo(track: MediaStreamTrack, stream: MediaStream): Promise<void> {
    if (this.#view.wantsVideo) return this.acceptVideo(true, stream);
    const isTaken = await this.call.addVideo({ localStream: stream });
    if (!isTaken) throw new Sentence(this.#options.messages.error.videoRefused({ who: this.who }));
    track.enabled = true;
    this.patch({ isCameraOff: false });
  }

  async hold(isHeld: boolean): Promise<void> {
    const { error } = this.#options.messages;
    const isDone = await (isHeld ? this.call.hold() : this.call.unhold());
    this.patch({ isHeldByMe: this.call.isOnHold, quality: undefined });
    if (!isDone) throw new Sentence(isHeld ? error.holdRefused : error.resumeRefused);
  }

  async shareScreen(track: MediaStreamTrack): Promise<void> {
    const isTaken = await this.call.startScreensharing(track);
    if (!isTaken) throw new Sentence(this.#options.messages.error.videoRefused({ who: this.who }));
  }

  /** @param stream this side's own picture, sent back with it */
  async acceptVideo(isAccepted: boolean, stream?: MediaStream): Promise<void> {
    this.#videoQuestion?.cancel();
    if (!this.#view.wantsVideo) return;
    this.patch({ wantsVideo: false });
    await this.call.answerUpdate({ receiveVideo: isAccepted, localStream: stream });
  }

  /** In the audio stream, where the other side expects digits; else over signalling. */
  sendDtmf(digit: string): void {
    try {
      this.call.sendDtmf(digit, 100, 70, 'rfc4733');
    } catch (error) {
      if (error instanceof Sentence) throw error;
      this.call.sendDtmf(digit);
    }
  }

  /** @param code SIP status for an incoming call that is declined */
  hangUp(code?: number): void {
    if (this.#isOver) return;
    this.#isByMe = true;
    if (this.#call === undefined) return this.end('487 Request Terminated');
    this.patch({ phase: 'ending' });
    this.#call.terminate(code === undefined ? {} : { code });
  }

  /** Without a call of the library: it never came to one. */
  end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#quality?.close();
    this.#videoQuestion?.cancel();
    closeMediaStream(this.#local);
    const { establishedAt } = this.#view;
    const unreached = wasNeverReached(reason) ? this.#call?.gatewayAddresses : undefined;
    this.#options.ended(this, {
      reason,
      isByMe: this.#isByMe,
      hasRung: this.#hasRung,
      wasEstablished: establishedAt !== undefined,
      durationMs: establishedAt === undefined ? 0 : this.#options.clock.now() - establishedAt,
      unreached,
    });
  }

  /** The gateway cannot be reached, or can again. */
  showLink(isLost: boolean): void {
    this.#isLinkLost = isLost;
    this.#showReconnecting();
  }

  /** Ends without a word: the person is told where they asked for it. */
  discard(): void {
    this.#isOver = true;
    closeMediaStream(this.#local);
    this.#call?.terminate();
  }

  get sipCallId(): string | undefined {
    return this.#call?.callId;
  }

  /** Name or address of the other side. */
  get who(): string {
    return this.#view.peer.displayName || this.#view.peer.uri;
  }

  #watchTrack(track: MediaStreamTrack): void {
    track.addEventListener('ended', () => this.#isOver || this.#options.deviceLost(this, track));
  }

  #stateChanged(state: CallState, { reason }: StateData): void {
    switch (state) {
      case 'progress':
      case 'proceeding':
        return this.#advance('calling');
      case 'ringing':
        this.#hasRung = true;
        return this.#advance('ringing');
      case 'early-media':
        return this.#advance('early');
      case 'accepted':
        this.#isAnswered = true;
        return this.#advance('connecting');
      case 'established':
        this.#isMediaUp = true;
        return this.#advance(this.#view.phase);
      case 'terminated':
        return this.end(reason ?? '');
      case null:
      case 'incoming':
        return undefined;
    }
  }

  /** Shows the phase, or `established` as soon as the call is answered and media is up, in whatever order. */
  #advance(phase: CallView['phase']): void {
    if (this.#view.phase === 'ending') return;
    const isEarly = phase === 'calling' && (this.#view.phase === 'ringing' || this.#view.phase === 'early');
    if (!this.#isAnswered || !this.#isMediaUp) {
      if (!isEarly) this.patch({ phase });
      return;
    }
    const establishedAt = this.#view.establishedAt ?? this.#options.clock.now();
    this.patch({ phase: 'established', establishedAt });
    this.#watchQuality();
  }

  #watchQuality(): void {
    this.#quality ??= new QualityWatch(this.call, {
      clock: this.#options.clock,
      messages: this.#options.messages,
      isPaused: () => this.#view.isHeldByMe || this.#view.isHeldByThem || this.#view.isReconnecting,
      changed: (quality) => this.patch({ quality }),
    });
  }

  #mediaChanged(): void {
    const call = this.#call;
    if (call === undefined || this.#isOver) return;
    this.patch({
      hasRemoteVideo: (call.getRemoteStreams()[0]?.getVideoTracks().length ?? 0) > 0,
      hasLocalVideo: (this.#local?.getVideoTracks().length ?? 0) > 0 || call.sharingScreen,
      isSharingScreen: call.sharingScreen,
      isHeldByMe: call.isOnHold,
    });
  }

  #showReconnecting(): void {
    const isReconnecting = this.isEstablished && (this.#isLinkLost || this.#call?.isPathUp === false);
    if (isReconnecting !== this.#view.isReconnecting) this.patch({ isReconnecting, quality: undefined });
  }

  /** The gateway waits 10 s for the answer; who does not decide by then gets no video. */
  #askForVideo(): void {
    this.patch({ wantsVideo: true });
    this.#videoQuestion = this.#options.clock.after(decideVideoMs, () => void this.acceptVideo(false));
  }
}

const decideVideoMs = 8_000;
