import type { StoreMessages } from '../../web/src/store/messages/en.ts';
import type { CallView, PhoneSnapshot, PhoneStore } from '../../web/src/store/snapshot.ts';
import { FakeChats } from './fake-chats.ts';

/** One thing that the page asked the store to do. */
export interface AskedAction {
  readonly action: string;
  readonly args: readonly unknown[];
}

/**
 * A store without a gateway: it shows the snapshot it is given, remembers what it is asked, and does at once the
 * simple things that a person expects to see (mute, hold, dismiss). A scripted refusal makes the next action fail.
 */
export class FakePhoneStore implements PhoneStore {
  readonly asked: AskedAction[] = [];
  snapshot: PhoneSnapshot;
  /** What the next action rejects with. */
  refusal: string | undefined;
  readonly chats = new FakeChats(this);
  /** What it was told to speak. */
  words: StoreMessages | undefined;
  readonly #listeners = new Set<(snapshot: PhoneSnapshot) => void>();
  readonly #streams: (call: string) => { local: MediaStream | undefined; remote: MediaStream | undefined };

  constructor(
    snapshot: PhoneSnapshot,
    streams: FakePhoneStore['streams'] = () => ({ local: undefined, remote: undefined }),
  ) {
    this.snapshot = snapshot;
    this.#streams = streams;
  }

  /** Shows another snapshot, as if something had happened. */
  show(snapshot: PhoneSnapshot): void {
    this.snapshot = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
  }

  subscribe(listener: (snapshot: PhoneSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  speak(messages: StoreMessages): void {
    this.words = messages;
  }

  streams(call: string): { local: MediaStream | undefined; remote: MediaStream | undefined } {
    return this.#streams(call);
  }

  async call(uri: string, media: { audio: boolean; video: boolean }): Promise<string> {
    this.note('call', uri, media);
    return 'call-1';
  }

  async answer(call: string, media: { video: boolean }): Promise<void> {
    this.note('answer', call, media);
    this.#alter(call, { phase: 'established', establishedAt: Date.now() });
  }

  decline(call: string): void {
    this.note('decline', call);
    this.#drop(call);
  }

  hangUp(call: string): void {
    this.note('hangUp', call);
    this.#drop(call);
  }

  block(call: string): void {
    this.note('block', call);
    const peer = this.snapshot.calls.find(({ id }) => id === call)?.peer;
    this.#drop(call);
    if (peer) this.show({ ...this.snapshot, blocked: [{ ...peer, at: Date.now() }, ...this.snapshot.blocked] });
  }

  doNotDisturb(isOn: boolean): void {
    this.note('doNotDisturb', isOn);
    this.show({ ...this.snapshot, isUndisturbed: isOn });
  }

  unblock(uri: string): void {
    this.note('unblock', uri);
    this.show({ ...this.snapshot, blocked: this.snapshot.blocked.filter((person) => person.uri !== uri) });
  }

  mute(call: string, isMuted: boolean): void {
    this.note('mute', call, isMuted);
    this.#alter(call, { isMuted });
  }

  async camera(call: string, isOn: boolean): Promise<void> {
    this.note('camera', call, isOn);
    this.#alter(call, { isCameraOff: !isOn });
  }

  async shareScreen(call: string, isOn: boolean): Promise<void> {
    this.note('shareScreen', call, isOn);
    this.#alter(call, { isSharingScreen: isOn });
  }

  async hold(call: string, isHeld: boolean): Promise<void> {
    this.note('hold', call, isHeld);
    this.#alter(call, { isHeldByMe: isHeld });
  }

  async acceptVideo(call: string, isAccepted: boolean): Promise<void> {
    this.note('acceptVideo', call, isAccepted);
    this.#alter(call, { wantsVideo: false });
  }

  async transfer(call: string, to: { readonly uri: string } | { readonly call: string }): Promise<void> {
    this.note('transfer', call, to);
    this.#alter(call, { transfer: { to: 'uri' in to ? to.uri : to.call, phase: 'trying' } });
  }

  dismissTransfer(call: string): void {
    this.note('dismissTransfer', call);
    this.#alter(call, { transfer: undefined });
  }

  sendDtmf(call: string, digit: string): void {
    this.note('sendDtmf', call, digit);
  }

  async chooseDevice(kind: 'microphone' | 'camera' | 'speaker', id: string): Promise<void> {
    this.note('chooseDevice', kind, id);
    this.show({ ...this.snapshot, devices: { ...this.snapshot.devices, [kind]: id } });
  }

  async getAddress(wish: Parameters<PhoneStore['getAddress']>[0]): Promise<void> {
    this.note('getAddress', wish);
  }

  async signIn(address: string, password: string): Promise<void> {
    this.note('signIn', address, password);
  }

  async keepAddress(name: string, password: string): Promise<void> {
    this.note('keepAddress', name, password);
  }

  async signOut(): Promise<void> {
    this.note('signOut');
    this.show({ ...this.snapshot, own: undefined });
  }

  async forgetAddress(): Promise<void> {
    this.note('forgetAddress');
    this.show({ ...this.snapshot, own: undefined });
  }

  dismissEnded(): void {
    this.note('dismissEnded');
    this.show({ ...this.snapshot, ended: undefined });
  }

  dismissNotice(id: string): void {
    this.note('dismissNotice', id);
    this.show({ ...this.snapshot, notices: this.snapshot.notices.filter((notice) => notice.id !== id) });
  }

  async ladder(call: string): Promise<string> {
    this.note('ladder', call);
    return fakeLadder;
  }

  retryLink(): void {
    this.note('retryLink');
  }

  close(): void {
    this.#listeners.clear();
  }

  note(action: string, ...args: unknown[]): void {
    this.asked.push({ action, args });
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal !== undefined) throw new Error(refusal);
  }

  #alter(call: string, part: Partial<CallView>): void {
    this.show({
      ...this.snapshot,
      calls: this.snapshot.calls.map((view) => (view.id === call ? { ...view, ...part } : view)),
    });
  }

  #drop(call: string): void {
    this.show({ ...this.snapshot, calls: this.snapshot.calls.filter(({ id }) => id !== call) });
  }
}

/** What the course of a call that found nobody looks like. */
const fakeLadder = `12:04:31.020  page    -> gateway  session-create bob@example.org
12:04:31.024  gateway -> example.org  INVITE (UDP 192.0.2.7:5060)
12:04:31.051  example.org -> gateway  100 Trying
12:04:31.090  example.org -> gateway  404 Not Found
12:04:31.091  gateway -> page     terminated: 404 Not Found
cause: no one has the address bob@example.org`;
