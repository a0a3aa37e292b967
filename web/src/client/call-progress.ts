import { CallMedia } from './call-media.ts';
import { CallMessages } from './call-messages.ts';
import { tellNews } from './call-news.ts';
import type { CallResumeState } from './call-resume-state.ts';
import type {
  AnswerOptions,
  CallEmitter,
  CallOwner,
  CallState,
  DialOptions,
  RestoreOptions,
  StateData,
} from './call-types.ts';
import { CallUpdates } from './call-updates.ts';
import type { Environment } from './environment.ts';
import { uuid } from './identifiers.ts';
import { Identity } from './identity.ts';
import { endIfRefused, toError } from './refusals.ts';
import { ScreenSharing } from './screen-sharing.ts';
import { directionsByKind, readSdpLines } from './sdp-lines.ts';
import { hangUpMs, type Session } from './session.ts';
import type { ResumeOffer } from './session-types.ts';
import { Statistics } from './statistics.ts';
import type { GivenAnswer, Header, IncomingSessionEvent, SessionEvent } from './wire.ts';

export interface CallStart {
  readonly account: CallOwner;
  readonly session: Session;
  readonly environment: Environment;
  readonly remoteIdentity: Identity;
  /** Of an incoming call: whether the gateway knows that the caller owns that address. */
  readonly isRemoteVerified?: boolean;
  readonly state: CallState;
  /** Of an incoming call. */
  readonly offer?: string;
  readonly callId?: string | null;
  readonly headers?: readonly Header[];
}

/**
 * How a call gets from one state to the next: the events of its session in their order, and the descriptions
 * that go with them.
 *
 *     outgoing: null -> progress -> proceeding | ringing | early-media -> accepted -> established -> terminated
 *     incoming: incoming -> accepted -> established -> terminated
 *
 * With early media `established` may come before `accepted`.
 */
export class CallProgress {
  readonly session: Session;
  readonly messages: CallMessages;
  readonly statistics: Statistics;
  readonly #start: CallStart;
  readonly #call: CallEmitter;
  #state: CallState;
  #remoteIdentity: Identity;
  #callId: string | undefined;
  #headers: readonly Header[];
  #offer: string | undefined;
  #answer: GivenAnswer | undefined;
  #media: CallMedia | undefined;
  #screen: ScreenSharing | undefined;
  #updates: CallUpdates | undefined;
  #answerOptions: AnswerOptions | undefined;
  #awaitsFirstAnswer = false;
  #isEnding = false;
  #inbox: Promise<void> = Promise.resolve();

  constructor(start: CallStart, call: CallEmitter) {
    const { account, session, remoteIdentity } = start;
    this.#start = start;
    this.#call = call;
    this.session = session;
    this.#state = start.state;
    this.#remoteIdentity = remoteIdentity;
    this.#callId = start.callId ?? undefined;
    this.#headers = start.headers ?? [];
    this.#offer = start.offer;
    this.statistics = new Statistics(session.id, start.environment.clock);
    const request = session.request.bind(session);
    this.messages = new CallMessages(
      { id: session.id, localIdentity: account.identity, remoteIdentity, request },
      call,
    );
    session.listen({
      received: (event) => this.#enqueue(() => this.#receive(event)),
      resumed: () => this.#resumed(),
      announced: (incoming) => this.#announcedAgain(incoming),
    });
  }

  get remoteIdentity(): Identity {
    return this.#remoteIdentity;
  }

  get state(): CallState {
    return this.#state;
  }

  get callId(): string | undefined {
    return this.#callId;
  }

  get headers(): readonly Header[] {
    return this.#headers;
  }

  get media(): CallMedia | undefined {
    return this.#media;
  }

  get screen(): ScreenSharing | undefined {
    return this.#screen;
  }

  get remoteMediaDirections(): Record<string, string[]> {
    return directionsByKind(this.#media ? this.#media.remoteLines : readSdpLines(this.#offer ?? ''));
  }

  get isUpdatable(): boolean {
    return this.#media !== undefined && (this.#state === 'established' || this.#state === 'accepted');
  }

  dial(uri: string, options: DialOptions): void {
    void this.#carryOut(async () => {
      const media = this.#openMedia(options.pcConfig);
      this.#awaitsFirstAnswer = true;
      const sdp = await media.offer(options.localStream, { video: options.offerOptions?.offerToReceiveVideo === true });
      this.#call.emit('localStreamAdded', options.localStream);
      const { id: session, account, secret: resume } = this.session;
      const headers = options.headers && { headers: options.headers };
      const create = { sylkrtc: 'session-create', session, account, uri, sdp, resume, ...headers } as const;
      const reply = await this.session.request(create);
      if (!this.session.hasBegun) endIfRefused(reply);
    });
  }

  /** @throws Error unless the call is `incoming` and nobody has answered it */
  answer(options: AnswerOptions): void {
    if (this.#state !== 'incoming' || this.#answerOptions)
      throw new Error(`a call cannot be answered in state ${this.#state}`);
    this.#answerOptions = options;
    this.#accept(options);
  }

  /** Media for a call that another page has had; `undefined` when it cannot be made. */
  async offerAgain(state: CallResumeState, options: RestoreOptions): Promise<ResumeOffer | undefined> {
    const transaction = uuid();
    let sdp: string | undefined;
    await this.#carryOut(async () => {
      const media = this.#openMedia(options.pcConfig);
      sdp = await media.offerAgain(state.lines, options.localStream, state.isHeld);
      this.#call.emit('localStreamAdded', options.localStream);
      void this.#carryOut(async () => {
        await media.negotiation.expectAnswer(transaction);
        this.#updates?.tell();
      });
    });
    return sdp === undefined ? undefined : { sdp, transaction };
  }

  terminate(code?: number): void {
    if (this.#state === 'terminated' || this.#isEnding) return;
    this.#isEnding = true;
    this.session.terminate(code);
    this.#start.environment.clock.after(hangUpMs, () => this.#end('200 OK'));
  }

  /** Tells the application how a change of media ends. */
  update(change: Promise<void>): Promise<boolean> {
    return this.#updates?.follow(change) ?? Promise.resolve(false);
  }

  networkChanged(): void {
    if (this.isUpdatable) this.#media?.pathLost();
  }

  #accept(options: AnswerOptions): void {
    void this.#carryOut(async () => {
      const media = this.#openMedia(options.pcConfig);
      const receives = { video: options.answerOptions?.offerToReceiveVideo !== false };
      const sdp = await media.answer(this.#offer ?? '', options.localStream, receives);
      if (media !== this.#media) return;
      this.#call.emit('localStreamAdded', options.localStream);
      this.#updates?.showRemote();
      this.#answer = { sdp, ...(options.headers && { headers: [...options.headers] }) };
      await this.#giveAnswer(this.#answer);
    });
  }

  async #giveAnswer(answer: GivenAnswer): Promise<void> {
    const { id: session, secret: resume } = this.session;
    endIfRefused(await this.session.request({ sylkrtc: 'session-answer', session, resume, ...answer }));
  }

  #openMedia(pcConfig: RTCConfiguration | undefined): CallMedia {
    const { session } = this;
    const media = new CallMedia({
      environment: this.#start.environment,
      statistics: this.statistics,
      pcConfig,
      send: (sdp, transaction) => session.request({ sylkrtc: 'session-update', session: session.id, sdp }, transaction),
      isUpdatable: () => this.isUpdatable,
      pathChanged: (isUp) => this.#call.emit('pathChanged', { isUp }),
    });
    this.#media = media;
    this.#updates = new CallUpdates(media, this.#call);
    this.#screen = new ScreenSharing({
      peer: media.peer,
      addVideo: (track) => this.update(media.addVideo(track)),
      removeVideo: () => this.update(media.removeVideo()),
      changed: () => this.#updates?.tell(),
    });
    return media;
  }

  /** One after another: an event waits until the description of the one before has been taken. */
  #enqueue(work: () => void | Promise<void>): void {
    this.#inbox = this.#inbox.then(() => this.#carryOut(work));
  }

  /** What fails here leaves no call behind. */
  async #carryOut(work: () => void | Promise<void>): Promise<void> {
    try {
      if (this.#state !== 'terminated') await work();
    } catch (error) {
      this.session.terminate();
      this.#end(toError(error).message);
    }
  }

  async #receive(event: SessionEvent): Promise<void> {
    switch (event.event) {
      case 'state':
        await this.#stateReceived(event);
        break;
      case 'update':
        await this.#updates?.receive(event);
        break;
      case 'message':
      case 'disposition-notification':
        this.messages.receive(event);
        break;
      case 'transferred':
        this.#remoteIdentity = new Identity(event.originator.uri, event.originator.display_name);
        this.#call.emit('transferred', { remoteIdentity: this.#remoteIdentity });
        break;
      case 'media':
        this.#call.emit('media', { state: event.state });
        if (event.state === 'lost') this.#media?.pathLost();
        break;
      case 'replaced':
        this.#call.emit('replaced');
        this.#end('200 Continued elsewhere');
        break;
      default:
        tellNews(this.#call, event);
    }
    this.#call.emit('resumeStateChanged');
  }

  async #stateReceived(event: Extract<SessionEvent, { event: 'state' }>): Promise<void> {
    if (event.state === 'terminated') return this.#end(event.reason ?? '');
    if ('call_id' in event && event.call_id) this.#callId = event.call_id;
    if ('headers' in event && event.headers)
      this.#headers = Object.entries(event.headers).map(([name, value]) => ({ name, value }));
    if (event.state === 'proceeding') this.#enter(event.state, { code: event.code });
    // A restored call may hear again of what its former page had heard.
    else if (event.state !== this.#state) this.#enter(event.state, {});
    if (!('sdp' in event) || !event.sdp || !this.#awaitsFirstAnswer) return;
    this.#awaitsFirstAnswer = false;
    await this.#media?.takeFirstAnswer(event.sdp);
    this.#updates?.showRemote();
  }

  #resumed(): void {
    // Its end is being told to the gateway, to nobody else.
    if (this.#state === 'terminated') return;
    this.#call.emit('resumed');
    const state = this.#media?.peer.rtc.iceConnectionState;
    if (state === 'disconnected' || state === 'failed') this.networkChanged();
  }

  /** The socket was lost while it rang: the answer, if there was one already, is given once more. */
  #announcedAgain(incoming: IncomingSessionEvent): void {
    const [isSame, answer] = [incoming.sdp === this.#offer, this.#answer];
    this.#offer = incoming.sdp;
    if (this.#answerOptions === undefined || this.#isEnding) return;
    // Media may have connected before the answer was lost: to the same offer no other peer connection fits.
    if (isSame) return answer && void this.#carryOut(() => this.#giveAnswer(answer));
    this.#media?.close();
    this.#accept(this.#answerOptions);
  }

  #enter(state: CallState, data: StateData): void {
    const old = this.#state;
    this.#state = state;
    this.#call.emit('stateChanged', old, state, data);
  }

  #end(reason: string): void {
    if (this.#state === 'terminated') return;
    this.#updates?.close();
    this.#media?.close();
    this.#enter('terminated', { reason });
  }
}
