import type { CallMedia } from './call-media.ts';
import type { MessageCallback, MessageOptions } from './call-messages.ts';
import { CallProgress, type CallStart } from './call-progress.ts';
import type { CallResumeState } from './call-resume-state.ts';
import type { AnswerOptions, CallEvents, CallOwner, CallState, DialOptions, RestoreOptions } from './call-types.ts';
import { type DtmfMethod, sendDtmf } from './dtmf.ts';
import { EventEmitter } from './event-emitter.ts';
import type { Identity } from './identity.ts';
import type { Message } from './message.ts';
import type { MediaAddress } from './sdp-lines.ts';
import type { ResumeOffer } from './session-types.ts';
import type { Statistics } from './statistics.ts';
import type { Header } from './wire.ts';

/**
 * A call, as an application sees it. It outlives its sockets: after a lost one it goes on where it was, and
 * its events come in order and once each (states: see `CallProgress`).
 */
export class Call extends EventEmitter<CallEvents> {
  readonly account: CallOwner;
  readonly localIdentity: Identity;
  /** Whether the caller has signed in at that address; `undefined` when the gateway did not say. */
  readonly isRemoteVerified: boolean | undefined;
  readonly #progress: CallProgress;

  constructor(start: CallStart) {
    super();
    this.account = start.account;
    this.localIdentity = start.account.identity;
    this.isRemoteVerified = start.isRemoteVerified;
    this.#progress = new CallProgress(start, this);
  }

  /** Who is at the other end; another one after `transferred`. */
  get remoteIdentity(): Identity {
    return this.#progress.remoteIdentity;
  }

  get id(): string {
    return this.#progress.session.id;
  }

  /** SIP Call-ID, once it is known. */
  get callId(): string | undefined {
    return this.#progress.callId;
  }

  /** SIP headers of the other side whose names begin with one of the account's prefixes. */
  get headers(): readonly Header[] {
    return this.#progress.headers;
  }

  get direction(): 'outgoing' | 'incoming' {
    return this.#progress.session.direction;
  }

  get state(): CallState {
    return this.#progress.state;
  }

  get sharingScreen(): boolean {
    return this.#progress.screen?.isActive === true;
  }

  /** This side holds the call. */
  get isOnHold(): boolean {
    return this.#progress.media?.peer.isHeld === true;
  }

  /** Media can flow between this browser and the gateway; `true` until it was up and broke. */
  get isPathUp(): boolean {
    return this.#progress.media?.isPathUp !== false;
  }

  /** Where the gateway listens for this call's media: what a network must let through. Empty until it has said so. */
  get gatewayAddresses(): readonly MediaAddress[] {
    return this.#progress.media?.peer.gateway ?? [];
  }

  /** By kind, in the order of the lines: `{ audio: ['sendrecv'] }`. */
  get remoteMediaDirections(): Record<string, string[]> {
    return this.#progress.remoteMediaDirections;
  }

  /** What another page needs to go on with this call (`connection.restore`); `undefined` while none can. */
  get resumeState(): CallResumeState | undefined {
    const { media, state, session } = this.#progress;
    if (media === undefined || (state !== 'accepted' && state !== 'established')) return undefined;
    const { id, account, direction, secret, lastEvent } = session;
    const { uri, displayName } = this.remoteIdentity;
    const { lines, isHeld } = media.peer;
    return {
      account,
      session: id,
      secret,
      lastEvent,
      direction,
      state,
      remote: { uri, displayName },
      callId: this.callId,
      lines,
      isHeld,
    };
  }

  /** The browser's counters, sorted, every second for who listens to `stats`. */
  get statistics(): Statistics {
    return this.#progress.statistics;
  }

  getLocalStreams(): MediaStream[] {
    const local = this.#progress.media?.peer.local;
    return local ? [local] : [];
  }

  getRemoteStreams(): MediaStream[] {
    const remote = this.#progress.media?.peer.remote;
    return remote ? [remote] : [];
  }

  getSenders(): RTCRtpSender[] {
    return this.#progress.media?.peer.rtc.getSenders() ?? [];
  }

  getReceivers(): RTCRtpReceiver[] {
    return this.#progress.media?.peer.rtc.getReceivers() ?? [];
  }

  /** The browser's counters; `undefined` while there is no media. */
  async getStats(): Promise<RTCStatsReport | undefined> {
    return this.#progress.media?.peer.rtc.getStats();
  }

  /** @throws Error unless the call is `incoming` and a stream (which may be empty) is given */
  answer(options: AnswerOptions): void {
    if (!options?.localStream) throw new Error('answer needs a localStream');
    this.#progress.answer(options);
  }

  /**
   * Sends the stream's video as well.
   *
   * @returns whether the other side took it (`mediaUpdated`) or not (`updateFailed`)
   * @throws Error in another state, during another update, or without a video track
   */
  addVideo(options: { readonly localStream: MediaStream }): Promise<boolean> {
    const [track] = options?.localStream?.getVideoTracks() ?? [];
    if (track === undefined) throw new Error('addVideo needs a localStream with a video track');
    const media = this.#updatable();
    if (media.negotiation.isUpdating || media.negotiation.isOffered)
      throw new Error('another update of this call is under way');
    return this.#progress.update(media.addVideo(track));
  }

  /** Sends no video any more; what is received stays. Resolves as `addVideo` does. */
  removeVideo(): Promise<boolean> {
    return this.#progress.update(this.#updatable().removeVideo());
  }

  /** Neither sends nor receives until `unhold`. Resolves as `addVideo` does. */
  hold(): Promise<boolean> {
    return this.#progress.update(this.#updatable().hold(true));
  }

  unhold(): Promise<boolean> {
    return this.#progress.update(this.#updatable().hold(false));
  }

  /**
   * Takes what the other side wants to add (`updateRequest`).
   *
   * @param options.localStream its video is sent back
   * @param options.receiveVideo `false` refuses added video; the call goes on without
   * @throws Error when nothing is offered
   */
  answerUpdate(
    options: { readonly localStream?: MediaStream; readonly receiveVideo?: boolean } = {},
  ): Promise<boolean> {
    const media = this.#updatable();
    if (!media.negotiation.isOffered) throw new Error('there is no update to answer');
    return this.#progress.update(media.answerUpdate(options.localStream, { video: options.receiveVideo !== false }));
  }

  /** Sends this track in the camera's place, or adds it where there is no video yet; ends with the track. */
  startScreensharing(track: MediaStreamTrack): Promise<boolean> {
    const { screen } = this.#progress;
    if (!this.#updatable() || screen === undefined) throw new Error('this call has no media yet');
    return screen.start(track);
  }

  async stopScreensharing(): Promise<void> {
    await this.#progress.screen?.stop();
  }

  /**
   * Sends `newTrack` where `oldTrack` was sent; nothing of it is on the wire.
   *
   * @param keep leaves the old track running
   */
  async replaceTrack(
    oldTrack: MediaStreamTrack,
    newTrack: MediaStreamTrack,
    keep = false,
    callback: ((isDone: boolean) => void) | null = null,
  ): Promise<boolean> {
    const isDone = (await this.#progress.media?.replaceTrack(oldTrack, newTrack)) === true;
    if (isDone && !keep) oldTrack.stop();
    callback?.(isDone);
    return isDone;
  }

  /** @param method `info`: over signalling; any other: as RFC 4733 events in the audio stream, with `dtmfToneSent` */
  sendDtmf(tones: string, durationMs = 100, interToneGapMs = 70, method: DtmfMethod = 'info'): void {
    const { session } = this.#progress;
    if (method === 'info') void session.request({ sylkrtc: 'session-dtmf-info', session: session.id, digit: tones });
    else sendDtmf(this.getSenders(), { tones, durationMs, interToneGapMs }, (tone) => this.emit('dtmfToneSent', tone));
  }

  sendMessage(
    content: string,
    contentType = 'text/plain',
    options: MessageOptions = {},
    callback: MessageCallback = null,
  ): Message {
    return this.#progress.messages.send(content, contentType, options, callback);
  }

  /**
   * Hands the other side on: to whoever is at an address, or to the other side of another answered call of this
   * account. What comes of it is told by `transfer`; after `accepted` the call (or both) ends here.
   *
   * @returns whether the gateway has begun with it; `error` says why not
   */
  async transfer(to: string | Call): Promise<{ readonly ok: boolean; readonly error?: string }> {
    const { session } = this.#progress;
    const target = typeof to === 'string' ? { uri: to } : { replaces_session: to.id };
    const reply = await session.request({ sylkrtc: 'session-transfer', session: session.id, ...target });
    return reply.ok ? { ok: true } : { ok: false, error: reply.error };
  }

  /**
   * Ends the call; safe to repeat.
   *
   * @param options.code SIP status for a call that was not answered yet: 603 declines it, 486 says busy
   */
  terminate(options: { readonly code?: number } = {}): void {
    this.#progress.terminate(options.code);
  }

  // What follows is for the account.

  dial(uri: string, options: DialOptions): void {
    this.#progress.dial(uri, options);
  }

  offerAgain(state: CallResumeState, options: RestoreOptions): Promise<ResumeOffer | undefined> {
    return this.#progress.offerAgain(state, options);
  }

  networkChanged(): void {
    this.#progress.networkChanged();
  }

  #updatable(): CallMedia {
    const { media, isUpdatable, state } = this.#progress;
    if (!isUpdatable || media === undefined) throw new Error(`a call cannot be changed in state ${state}`);
    return media;
  }
}
