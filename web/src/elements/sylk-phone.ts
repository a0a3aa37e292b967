import { LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { createPhoneStore } from '../store/phone-store.ts';
import type { PhoneSnapshot, PhoneStore } from '../store/snapshot.ts';
import { phoneStyles } from './look/phone-styles.ts';
import { en, type Messages } from './messages/en.ts';
import { FocusKeeper } from './phone/focus-keeper.ts';
import { findSecurePort, gatewayOrigin, secureUrl, socketAddress } from './phone/gateway-url.ts';
import { perform, sentenceOf } from './phone/perform.ts';
import { PhoneEffects } from './phone/phone-effects.ts';
import { type PublicEvent, publicEvents } from './phone/public-events.ts';
import { isTyping, rememberShortcuts, shortcut } from './phone/shortcuts.ts';
import { isNowTalkingTo } from './phone/spent-text.ts';
import { renderPhone } from './phone/view.ts';
import { initialViewState, type ViewState } from './phone/view-state.ts';
import { define } from './phone-part.ts';
import { type Request, RequestEvent, requestEventNames, type StoreRequest } from './request.ts';
import { canNotify } from './state/attention.ts';
import { missedNotice } from './state/notices.ts';
import { bigCall, incomingCalls, type PhoneState, phoneState } from './state/screen.ts';

/**
 * A whole telephone as one element: `<sylk-phone server="wss://..." to="sales@example.org" media="audio video" address-book>`.
 * All attributes are optional. Requests of the inner elements go up to here and on to the store; its snapshots come
 * down as properties. README.md beside this file lists attributes, methods, events, parts, slots and custom properties.
 */
export class SylkPhone extends LitElement {
  static override styles = phoneStyles;

  static override properties = {
    server: {},
    to: {},
    media: {},
    addressBook: { type: Boolean, attribute: 'address-book' },
    messages: { attribute: false },
    store: { attribute: false },
    text: { attribute: false },
    viewState: { state: true },
    securePort: { state: true },
  };

  /** The gateway: its host, its page or its WebSocket address; the host of this page if absent. */
  declare server: string | undefined;
  /** Only this address can be called. */
  declare to: string | undefined;
  /** `audio`, `video` or both: which calls are offered. */
  declare media: string | undefined;
  /** Shows the people called lately. */
  declare addressBook: boolean;
  declare messages: Messages;
  /** Made when the element is attached, unless one was put in before. */
  declare store: PhoneStore | undefined;
  /** What is in the address field. */
  declare text: string;
  declare viewState: ViewState;
  /** Port of the https page; null where there is none. */
  declare securePort: number | null | undefined;

  readonly #effects = new PhoneEffects((conversation) => {
    this.change({ isChatOpen: true });
    void this.handle({ kind: 'open-conversation', conversation });
  });
  readonly #focus = new FocusKeeper(this);
  #unsubscribe: (() => void) | undefined;
  /** The store is ours to close; one that was put in is not. */
  #ownsStore = false;
  #seen: PhoneSnapshot | undefined;

  constructor() {
    super();
    this.addressBook = false;
    this.messages = en;
    this.text = '';
    this.viewState = initialViewState();
    for (const name of requestEventNames) this.addEventListener(name, this.receive);
  }

  /** One word for all that the phone does; also the `state` attribute, for style sheets. */
  get state(): PhoneState {
    return this.store === undefined ? 'idle' : phoneState(this.store.snapshot);
  }

  /**
   * Calls an address.
   *
   * @returns the id of the call, once it is under way; rejects with a sentence for a person
   */
  async call(uri: string, options: { audio?: boolean; video?: boolean } = {}): Promise<string> {
    return this.#store().call(uri, { audio: options.audio ?? true, video: options.video ?? false });
  }

  /** Answers the call that rings; nothing happens when none does. */
  async answer(options: { video?: boolean } = {}): Promise<void> {
    const ringing = incomingCalls(this.#store().snapshot)[0];
    if (ringing !== undefined) await this.#store().answer(ringing.id, { video: options.video ?? false });
  }

  /** Ends the running call, or else declines the one that rings. */
  hangup(): void {
    const store = this.#store();
    const running = bigCall(store.snapshot);
    const ringing = incomingCalls(store.snapshot)[0];
    if (running !== undefined) store.hangUp(running.id);
    else if (ringing !== undefined) store.decline(ringing.id);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.pressKey);
    if (this.store !== undefined) return;
    this.store = createPhoneStore({ server: socketAddress(this.server), messages: this.messages.store });
    this.#ownsStore = true;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.pressKey);
    // Moving the element inside its page detaches and attaches it at once: a call must survive that.
    queueMicrotask(() => this.isConnected || this.#leave());
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('store')) this.#follow(this.store);
    if (changed.has('messages')) this.store?.speak(this.messages.store);
    this.#focus.before();
  }

  protected override render(): TemplateResult {
    const { snapshot } = this.#store();
    const big = bigCall(snapshot);
    const media = this.media ?? (this.to === undefined ? 'audio video' : 'audio');
    return renderPhone({
      ...this.viewState,
      snapshot,
      messages: this.messages,
      text: this.text,
      find: (words) => this.#store().chats.findMessages(words),
      to: this.to,
      offersAudio: media.includes('audio'),
      offersVideo: media.includes('video'),
      hasAddressBook: this.addressBook,
      canShare: typeof navigator.mediaDevices?.getDisplayMedia === 'function',
      offersNotices: canNotify() && Notification.permission === 'default',
      origin: gatewayOrigin(this.server),
      secureUrl: this.securePort === null ? undefined : secureUrl(location.href, this.securePort),
      streams: big === undefined ? { local: undefined, remote: undefined } : this.#store().streams(big.id),
    });
  }

  protected override updated(): void {
    const { snapshot } = this.#store();
    this.setAttribute('state', phoneState(snapshot));
    this.#effects.follow(snapshot, this.messages);
    this.#focus.after(snapshot, this.viewState.sheet);
  }

  #store(): PhoneStore {
    if (this.store === undefined) throw new Error('the phone is not attached to a page yet: append it before using it');
    return this.store;
  }

  #follow(store: PhoneStore | undefined): void {
    this.#unsubscribe?.();
    this.#seen = store?.snapshot;
    if (store?.snapshot.place === 'insecure') void this.#findSecurePage();
    this.#unsubscribe = store?.subscribe((snapshot) => this.#news(snapshot));
  }

  async #findSecurePage(): Promise<void> {
    this.securePort = await findSecurePort(gatewayOrigin(this.server));
  }

  #news(snapshot: PhoneSnapshot): void {
    const before = this.#seen ?? snapshot;
    this.#seen = snapshot;
    if (before.ended?.call !== snapshot.ended?.call) this.change({ details: undefined });
    if (bigCall(snapshot) === undefined) this.change({ isSoundBlocked: false });
    if (isNowTalkingTo(this.text, before, snapshot)) this.text = '';
    for (const event of publicEvents(before, snapshot)) this.#tell(event);
    this.requestUpdate();
  }

  #tell(event: PublicEvent): void {
    this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail, bubbles: true, composed: true }));
  }

  private change(part: Partial<ViewState>): void {
    this.viewState = { ...this.viewState, ...part };
  }

  private receive = (event: Event): void => {
    if (!(event instanceof RequestEvent)) return;
    event.stopPropagation();
    void this.handle(event.request);
  };

  private async handle(request: Request): Promise<void> {
    switch (request.kind) {
      case 'open':
        return this.change({ sheet: request.sheet });
      case 'close':
        return this.change({ sheet: undefined });
      case 'pick':
        this.text = request.uri;
        return this.renderRoot.querySelector('sylk-dial')?.focusField();
      case 'typed':
        this.text = request.text;
        return this.change({ problem: undefined });
      case 'shortcuts':
        rememberShortcuts(request.isOn);
        return this.change({ hasShortcuts: request.isOn });
      case 'give-up':
        return this.change({ refused: undefined });
      case 'details':
        return this.#loadDetails(request.call);
      case 'notify':
        await Notification.requestPermission();
        return this.requestUpdate();
      case 'sound-blocked':
        return this.change({ isSoundBlocked: true });
      case 'sound':
        this.change({ isSoundBlocked: false });
        return this.renderRoot.querySelector('sylk-sound')?.play();
      case 'open-chat':
        return this.change({ isChatOpen: true });
      case 'close-chat':
        // A conversation that nobody looks at is closed: what comes in is unread then.
        this.change({ isChatOpen: false });
        return this.#store().chats.closeConversation();
      case 'dismiss-notice':
        return this.#dismissNotice(request.id);
      default:
        return this.#carryOut(request);
    }
  }

  async #carryOut(request: StoreRequest): Promise<void> {
    if (request.kind === 'dtmf') this.#effects.digit(request.digit);
    if (request.kind === 'call') this.change({ problem: undefined, refused: undefined, isChatOpen: false });
    if (request.kind === 'write-to') this.change({ problem: undefined, isChatOpen: true });
    try {
      await perform(request, this.#store());
    } catch (error) {
      this.#explain(request, sentenceOf(error, this.messages.failed));
    }
  }

  /** Says what went wrong where the person is looking: at the field, in the form, or on top. */
  #explain(request: StoreRequest, sentence: string): void {
    this.#tell({ type: 'sylk-error', detail: { sentence } });
    const { permission, ownState } = this.#store().snapshot;
    const isRefused = permission === 'denied' || permission === 'none';
    if (request.kind === 'write-to') this.change({ problem: sentence });
    else if (request.kind === 'call') {
      this.change({ problem: sentence, refused: isRefused ? { uri: request.uri, video: request.video } : undefined });
    } else if (ownState.error !== sentence) {
      this.change({ ownNotices: [{ id: `own-${Date.now()}`, kind: 'warning', sentence }] });
    }
  }

  #dismissNotice(id: string): void {
    this.change({ ownNotices: this.viewState.ownNotices.filter((notice) => notice.id !== id) });
    if (id === missedNotice) this.#store().dismissEnded();
    else this.#store().dismissNotice(id);
  }

  async #loadDetails(call: string): Promise<void> {
    this.change({ details: { state: 'loading' } });
    try {
      this.change({ details: { state: 'here', text: await this.#store().ladder(call) } });
    } catch (error) {
      this.change({ details: { state: 'failed', text: sentenceOf(error, this.messages.failed) } });
    }
  }

  private pressKey = (event: KeyboardEvent): void => {
    const call = this.store === undefined ? undefined : bigCall(this.store.snapshot);
    if (call?.phase !== 'established' || !this.viewState.hasShortcuts || isTyping(event)) return;
    const request = shortcut(event.key, call);
    if (request === undefined || this.viewState.sheet !== undefined) return;
    event.preventDefault();
    void this.handle(request);
  };

  #leave(): void {
    this.#unsubscribe?.();
    this.#effects.close();
    if (!this.#ownsStore) return;
    this.store?.close();
    this.store = undefined;
    this.#ownsStore = false;
  }
}

define('sylk-phone', SylkPhone);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-phone': SylkPhone;
  }
}
