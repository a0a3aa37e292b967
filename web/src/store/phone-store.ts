import type { Browser } from './browser.ts';
import { calledAddress } from './called-address.ts';
import { type ChatActions, noChat } from './chat/chat-snapshot.ts';
import { ChatCommands } from './chat-commands.ts';
import { claimDevice } from './device-identity.ts';
import type { DeviceKind } from './device-list.ts';
import type { AddressWish } from './gateway-api.ts';
import { en, type StoreMessages } from './messages/en.ts';
import type { PhoneCall } from './phone-call.ts';
import { PhoneLine } from './phone-line.ts';
import { hopelessPlace } from './place.ts';
import { QuietTime } from './quiet-time.ts';
import { Recents } from './recents.ts';
import { Sentence } from './sentence.ts';
import type { PhoneSnapshot, PhoneStore } from './snapshot.ts';
import { SnapshotBoard } from './snapshot-board.ts';
import { webBrowser } from './web-browser.ts';

export interface PhoneStoreOptions {
  /** The gateway's WebSocket address; of the host that the page comes from when left out. */
  readonly server?: string;
  readonly browser?: Browser;
  readonly messages?: StoreMessages;
}

/** A phone without a face: it connects at once, and shows in its snapshot all that a page draws. */
export function createPhoneStore(options: PhoneStoreOptions = {}): PhoneStore {
  return new Phone(options.browser ?? webBrowser(), options.messages ?? en, options.server);
}

class Phone implements PhoneStore {
  readonly #browser: Browser;
  /** One object for all parts, which read it whenever they say something: so the language can change. */
  readonly #messages: StoreMessages;
  readonly #server: string;
  readonly #board: SnapshotBoard;
  readonly #recents: Recents;
  readonly #quietTime: QuietTime;
  readonly chats: ChatActions;
  readonly #opening: Promise<void>;
  #line: PhoneLine | undefined;
  #isClosed = false;

  constructor(browser: Browser, messages: StoreMessages, server: string | undefined) {
    this.#browser = browser;
    this.#messages = { ...messages };
    this.#server = server ?? `${browser.origin.replace(/^http/, 'ws')}/webrtcgateway/ws`;
    this.#recents = new Recents(browser.memory);
    this.#quietTime = new QuietTime(browser.memory);
    const place = hopelessPlace(browser);
    this.#board = new SnapshotBoard({
      ...emptySnapshot,
      recents: this.#recents.list,
      isUndisturbed: this.#quietTime.isOn,
      place,
      link: place ? 'offline' : 'connecting',
    });
    this.chats = new ChatCommands({
      line: () => this.#line,
      act: (act) => this.#act(act),
      addressOf: (uri) => calledAddress(uri, this.snapshot.domain, this.#messages),
      block: (person) => this.#block(person),
    });
    this.#opening = place === undefined ? this.#open() : Promise.resolve();
  }

  get snapshot(): PhoneSnapshot {
    return this.#board.snapshot;
  }

  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void {
    return this.#board.subscribe(listener);
  }

  speak(messages: StoreMessages): void {
    Object.assign(this.#messages, messages);
  }

  streams(call: string): { local: MediaStream | undefined; remote: MediaStream | undefined } {
    return this.#line?.desk.calls.find((one) => one.id === call)?.streams ?? { local: undefined, remote: undefined };
  }

  call(uri: string, media: { audio: boolean; video: boolean }): Promise<string> {
    return this.#act(({ desk }) => desk.dial(calledAddress(uri, this.snapshot.domain, this.#messages), media));
  }

  answer(call: string, media: { video: boolean }): Promise<void> {
    return this.#act(({ desk }) => desk.answer(call, media));
  }

  decline(call: string): void {
    this.#find(call)?.hangUp(603);
  }

  hangUp(call: string): void {
    this.#find(call)?.hangUp();
  }

  block(call: string): void {
    const found = this.#find(call);
    if (found === undefined) return;
    found.hangUp(603);
    this.#block(found.view.peer);
  }

  unblock(uri: string): void {
    this.#line?.blocks.remove(uri);
    this.#board.withdraw(({ unblock }) => unblock === uri);
  }

  doNotDisturb(isOn: boolean): void {
    this.#quietTime.set(isOn);
    this.#board.patch({ isUndisturbed: isOn });
  }

  mute(call: string, isMuted: boolean): void {
    this.#find(call)?.mute(isMuted);
  }

  camera(call: string, isOn: boolean): Promise<void> {
    return this.#act(async ({ desk, capture }) => {
      const found = desk.find(call);
      if (found.trackOf('camera') !== undefined) return found.turnCamera(isOn);
      if (!isOn) return;
      const { stream } = await capture.open({ audio: false, video: true });
      const [track] = stream.getVideoTracks();
      if (track !== undefined) await found.addVideo(track, stream);
    });
  }

  shareScreen(call: string, isOn: boolean): Promise<void> {
    return this.#act(async ({ desk, capture }) => {
      const found = desk.find(call);
      if (!isOn) return found.call.stopScreensharing();
      const track = await capture.openScreen();
      if (track !== undefined) await found.shareScreen(track);
    });
  }

  hold(call: string, isHeld: boolean): Promise<void> {
    return this.#act(({ desk }) => (isHeld ? desk.find(call).hold(true) : desk.resume(desk.find(call))));
  }

  acceptVideo(call: string, isAccepted: boolean): Promise<void> {
    return this.#act(({ desk }) => desk.find(call).acceptVideo(isAccepted));
  }

  transfer(call: string, to: { readonly uri: string } | { readonly call: string }): Promise<void> {
    return this.#act(async ({ desk }) => {
      const partner = 'call' in to ? desk.find(to.call) : calledAddress(to.uri, this.snapshot.domain, this.#messages);
      await desk.find(call).transfer?.begin(partner);
    });
  }

  dismissTransfer(call: string): void {
    this.#find(call)?.transfer?.dismiss();
  }

  sendDtmf(call: string, digit: string): void {
    this.#find(call)?.sendDtmf(digit);
  }

  chooseDevice(kind: DeviceKind, id: string): Promise<void> {
    return this.#act(({ liveDevices }) => liveDevices.choose(kind, id));
  }

  getAddress(wish: AddressWish): Promise<void> {
    return this.#changeAddress(({ keeper }) => keeper.get(wish));
  }

  signIn(address: string, password: string): Promise<void> {
    return this.#changeAddress(({ keeper }) =>
      keeper.signIn(calledAddress(address, this.snapshot.domain, this.#messages), password),
    );
  }

  keepAddress(name: string, password: string): Promise<void> {
    return this.#changeAddress(async ({ keeper, blocks }) => {
      const before = this.snapshot.own?.address;
      await keeper.keepAs(name, password);
      if (before !== undefined) blocks.move(before, this.snapshot.own?.address);
    });
  }

  signOut(): Promise<void> {
    return this.#changeAddress(({ keeper }) => keeper.signOut());
  }

  forgetAddress(): Promise<void> {
    return this.#changeAddress(async ({ keeper, blocks }) => {
      const before = this.snapshot.own?.address;
      await keeper.forget();
      if (before !== undefined) blocks.move(before);
    });
  }

  dismissEnded(): void {
    this.#board.patch({ ended: undefined });
  }

  dismissNotice(id: string): void {
    this.#board.dismissNotice(id);
  }

  ladder(call: string): Promise<string> {
    return this.#act(({ api, keeper }) => {
      if (keeper.credentials === undefined) throw new Sentence(this.#messages.error.noLadder);
      return api.ladder(call, keeper.credentials);
    });
  }

  retryLink(): void {
    this.#line?.connection.reconnect();
    void this.#line?.lookAtDevices();
  }

  close(): void {
    this.#isClosed = true;
    this.#line?.close();
    this.#board.close();
  }

  async #open(): Promise<void> {
    const device = await claimDevice(this.#browser);
    if (this.#isClosed) return;
    const { origin: apiOrigin } = new URL(this.#server.replace(/^ws/, 'http'));
    this.#line = new PhoneLine({
      browser: this.#browser,
      messages: this.#messages,
      board: this.#board,
      recents: this.#recents,
      quietTime: this.#quietTime,
      server: this.#server,
      apiOrigin,
      device,
    });
  }

  /** @throws Sentence where no phone can work */
  async #opened(): Promise<PhoneLine> {
    await this.#opening;
    const { error } = this.#messages;
    if (this.#line === undefined) throw new Sentence(this.#browser.isSecure ? error.unsupported : error.insecure);
    return this.#line;
  }

  #find(call: string): PhoneCall | undefined {
    return this.#line?.desk.calls.find((one) => one.id === call);
  }

  #block(person: { readonly uri: string; readonly displayName: string }): void {
    this.#line?.blocks.add(person);
    const sentence = this.#messages.notice.blocked({ who: person.displayName || person.uri });
    this.#board.notify({ kind: 'info', sentence, unblock: person.uri });
  }

  /** What goes wrong is told in a sentence, also what nobody has thought of. */
  async #act<Result>(act: (line: PhoneLine) => Result | Promise<Result>): Promise<Result> {
    const line = await this.#opened();
    try {
      return await act(line);
    } catch (cause) {
      if (cause instanceof Sentence) throw cause;
      const isBusy = cause instanceof Error && /under way/.test(cause.message);
      throw new Sentence(isBusy ? this.#messages.error.busyChanging : this.#messages.cause.broken, { cause });
    }
  }

  async #changeAddress(change: (line: PhoneLine) => Promise<void>): Promise<void> {
    this.#board.patch({ ownState: { busy: true } });
    try {
      await this.#act(change);
      this.#board.patch({ ownState: { busy: false } });
    } catch (error) {
      this.#board.patch({
        ownState: { busy: false, error: error instanceof Sentence ? error.message : this.#messages.cause.broken },
      });
      throw error;
    }
  }
}

const emptySnapshot: Omit<PhoneSnapshot, 'link' | 'place'> = {
  own: undefined,
  ownState: { busy: false },
  calls: [],
  activeCall: undefined,
  ended: undefined,
  recents: [],
  devices: { microphones: [], cameras: [], speakers: [] },
  permission: 'unknown',
  notices: [],
  blocked: [],
  isUndisturbed: false,
  chat: noChat,
};
