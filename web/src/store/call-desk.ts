import type { Account } from '../client/account.ts';
import type { Call } from '../client/call.ts';
import { uuid } from '../client/identifiers.ts';
import type { AddressKeeper } from './address-keeper.ts';
import type { Browser } from './browser.ts';
import type { CallEnds } from './call-ends.ts';
import { type RememberedCall, recallCalls, rememberCalls } from './call-memory.ts';
import type { CaptureWish, MediaCapture } from './media-capture.ts';
import type { StoreMessages } from './messages/en.ts';
import { PhoneCall } from './phone-call.ts';
import { Sentence } from './sentence.ts';
import type { CallView } from './snapshot.ts';
import type { SnapshotBoard } from './snapshot-board.ts';

export interface CallDeskOptions {
  readonly browser: Browser;
  readonly messages: StoreMessages;
  readonly board: SnapshotBoard;
  readonly capture: MediaCapture;
  readonly keeper: AddressKeeper;
  readonly ends: CallEnds;
  /** This tab, as the gateway knows it. */
  readonly device: string;
  newStream(): MediaStream;
  deviceLost(call: PhoneCall, track: MediaStreamTrack): void;
}

/** The calls of this page: which there are, which one is in front, and that only one at a time is talked in. */
export class CallDesk {
  readonly #options: CallDeskOptions;
  readonly #recalled: RememberedCall[];
  #calls: readonly PhoneCall[] = [];
  #active: string | undefined;
  #letSleep: (() => void) | undefined;

  constructor(options: CallDeskOptions) {
    this.#options = options;
    const { tabMemory, clock } = options.browser;
    this.#recalled = [...recallCalls(tabMemory, { device: options.device, now: clock.now() })];
    for (const recalled of this.#recalled) this.#openRecalled(recalled);
  }

  get calls(): readonly PhoneCall[] {
    return this.#calls;
  }

  /** @throws Sentence when there is no such call */
  find(id: string): PhoneCall {
    const call = this.#calls.find((one) => one.id === id);
    if (call === undefined) throw new Sentence(this.#options.messages.error.callGone);
    return call;
  }

  /**
   * Calls an address; resolves with the call's id once it is under way, or was hung up before.
   *
   * @throws Sentence
   */
  async dial(address: string, wish: CaptureWish): Promise<string> {
    if (this.#calls.length >= mostCalls) throw new Sentence(this.#options.messages.error.tooManyAtOnce);
    const call = this.#open({
      id: uuid(),
      direction: 'outgoing',
      peer: { uri: address, displayName: '' },
      phase: 'devices',
      hasLocalVideo: wish.video,
    });
    this.#bringForward(call);
    try {
      await this.#place(call, address, wish);
    } catch (error) {
      this.#discard(call);
      throw error;
    }
    return call.id;
  }

  /** Answers; without microphone rather than not at all, since the caller will not wait for long. */
  async answer(id: string, wish: { readonly video: boolean }): Promise<void> {
    const call = this.find(id);
    if (call.view.phase !== 'incoming') return;
    call.patch({ phase: 'devices' });
    this.#bringForward(call);
    call.send(await this.#captureOrListen({ audio: true, video: wish.video }));
    const { local } = call.streams;
    if (local === undefined) return;
    call.patch({ phase: 'connecting' });
    await this.holdOthers(call);
    if (!call.isOver) call.call.answer({ localStream: local });
  }

  /** Puts this call in front; the others wait on hold. */
  async resume(call: PhoneCall): Promise<void> {
    await this.holdOthers(call);
    await call.hold(false);
    this.#bringForward(call);
  }

  async holdOthers(call: PhoneCall): Promise<void> {
    const talking = this.#calls.filter((other) => other !== call && other.isEstablished && !other.view.isHeldByMe);
    await Promise.all(talking.map((other) => other.hold(true)));
  }

  /** A call comes in. */
  incoming(call: Call, media: { readonly video: boolean }): void {
    if (this.#calls.length >= mostCalls) return call.terminate({ code: 486 });
    const { uri, displayName } = call.remoteIdentity;
    const opened = this.#open({
      id: call.id,
      direction: 'incoming',
      peer: { uri, displayName, isVerified: call.isRemoteVerified },
      phase: 'incoming',
      offersVideo: media.video,
    });
    opened.adopt(call);
  }

  /** An account is there: calls of it that a former life of this page has had are taken back. */
  async restore(
    account: Account,
    restoreCall: (recalled: RememberedCall, localStream: MediaStream) => Call,
  ): Promise<void> {
    for (const recalled of this.#recalled.filter(({ state }) => state.account === account.id)) {
      this.#recalled.splice(this.#recalled.indexOf(recalled), 1);
      const call = this.#calls.find((one) => one.id === recalled.state.session);
      const sendsVideo = recalled.state.lines.some(
        (line) => line.kind === 'video' && line.direction.startsWith('send'),
      );
      const stream = await this.#captureOrListen({ audio: true, video: sendsVideo });
      call?.send(stream);
      if (call && !call.isOver) call.adoptRestored(restoreCall(recalled, stream), recalled);
    }
  }

  showLink(isLost: boolean): void {
    for (const call of this.#calls) call.showLink(isLost);
  }

  /** The page goes: calls that talk come back with it, the others are ended. */
  leave(): void {
    for (const call of this.#calls)
      if (call.view.direction === 'outgoing' && call.view.establishedAt === undefined) call.hangUp();
    this.#remember();
  }

  close(): void {
    for (const call of [...this.#calls]) call.hangUp();
    this.#letSleep?.();
  }

  async #place(call: PhoneCall, address: string, wish: CaptureWish): Promise<void> {
    const { capture, keeper, board, messages } = this.#options;
    const accounts = Promise.allSettled([keeper.account()]);
    const { stream, lacks } = await capture.open(wish);
    call.send(stream);
    if (call.isOver) return;
    call.patch({ phase: 'calling' });
    if (lacks === 'camera') board.notify({ kind: 'info', sentence: messages.notice.withoutCamera });
    const [account] = await accounts;
    if (call.isOver) return;
    if (account.status === 'rejected') throw account.reason;
    await this.holdOthers(call);
    if (call.isOver) return;
    const options = { id: call.id, localStream: stream, offerOptions: { offerToReceiveVideo: wish.video } };
    call.adopt(account.value.call(address, options));
  }

  async #captureOrListen(wish: CaptureWish): Promise<MediaStream> {
    const { capture, board, messages, newStream } = this.#options;
    try {
      return (await capture.open(wish)).stream;
    } catch (error) {
      if (!(error instanceof Sentence)) throw error;
      board.notify({ kind: 'warning', sentence: messages.notice.listening });
      return newStream();
    }
  }

  #openRecalled({ state, since, establishedAt }: RememberedCall): void {
    const call = this.#open({
      id: state.session,
      direction: state.direction,
      peer: state.remote,
      phase: 'connecting',
      since,
      establishedAt,
      isHeldByMe: state.isHeld,
    });
    this.#active ??= call.id;
  }

  #open(start: Pick<CallView, 'id' | 'direction' | 'peer' | 'phase'> & Partial<CallView>): PhoneCall {
    const { browser, messages, deviceLost } = this.#options;
    const call = new PhoneCall(
      { ...quietView, since: browser.clock.now(), ...start },
      {
        clock: browser.clock,
        messages,
        changed: () => this.#show(),
        ended: (ended, end) => {
          this.#remove(ended);
          this.#options.ends.tell(ended, end, this.#calls.length > 0);
        },
        remember: () => this.#remember(),
        deviceLost,
      },
    );
    this.#calls = [...this.#calls, call];
    this.#show();
    return call;
  }

  #bringForward(call: PhoneCall): void {
    this.#active = call.id;
    this.#options.board.patch({ ended: undefined });
    this.#show();
  }

  /** It never came to a call, and the person is told why where they asked for it. */
  #discard(call: PhoneCall): void {
    if (call.isOver) return;
    this.#remove(call);
    call.discard();
  }

  #remove(call: PhoneCall): void {
    this.#calls = this.#calls.filter((other) => other !== call);
    if (this.#active === call.id) this.#active = this.#calls.findLast(({ view }) => view.phase !== 'incoming')?.id;
    this.#show();
    this.#remember();
  }

  #show(): void {
    const isTalking = this.#calls.some((call) => call.isEstablished);
    if (isTalking) this.#letSleep ??= this.#options.browser.keepAwake();
    else {
      this.#letSleep?.();
      this.#letSleep = undefined;
    }
    this.#options.board.patch({ calls: this.#calls.map(({ view }) => view), activeCall: this.#active });
  }

  #remember(): void {
    const { browser, device } = this.#options;
    const { tabMemory, clock } = browser;
    const live = this.#calls.flatMap((call) => {
      const state = call.resumeState;
      const { since, establishedAt } = call.view;
      return state && establishedAt !== undefined
        ? [{ device, state, since, establishedAt, savedAt: clock.now() }]
        : [];
    });
    rememberCalls(tabMemory, [...this.#recalled, ...live]);
  }
}

const quietView = {
  hasLocalVideo: false,
  hasRemoteVideo: false,
  offersVideo: false,
  isMuted: false,
  isCameraOff: false,
  isSharingScreen: false,
  isHeldByMe: false,
  isHeldByThem: false,
  isReconnecting: false,
  quality: undefined,
  wantsVideo: false,
  transfer: undefined,
} as const;

/** One that is talked in, one that rings, and two on hold: nobody follows more. */
const mostCalls = 4;
