import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ChatMessage } from '../store/chat/chat-message.ts';
import type { Thread } from '../store/chat/chat-snapshot.ts';
import { icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { hasOwnName, nameOf, plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';
import './sylk-composer.ts';
import './sylk-message-log.ts';

/** Something that cannot be taken back, to be confirmed. */
type Doubt = { readonly kind: 'conversation' } | { readonly kind: 'message'; readonly message: ChatMessage };

/** One conversation: with whom, what was said, and where to write. */
export class SylkThread extends PhonePart {
  static override properties = {
    thread: { attribute: false },
    found: { attribute: false },
    ownAddress: { attribute: false },
    isOnline: { attribute: false },
    isInCall: { attribute: false },
    drafts: { attribute: false },
    doubt: { state: true },
  };

  declare thread: Thread;
  declare found: string | undefined;
  declare ownAddress: string | undefined;
  declare isOnline: boolean;
  declare isInCall: boolean;
  /** What was typed and not sent, by conversation. */
  declare drafts: Map<string, string>;
  /** What waits for a yes. */
  declare doubt: Doubt | undefined;

  constructor() {
    super();
    this.drafts = new Map();
    this.isOnline = true;
    this.isInCall = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('thread') && changed.get('thread')?.id !== this.thread.id) this.doubt = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('doubt') && this.doubt !== undefined) this.querySelector<HTMLElement>('.doubt .plain')?.focus();
    // On a touch screen the keyboard would cover what was opened to be read.
    const isNew = changed.has('thread') && changed.get('thread')?.id !== this.thread.id;
    if (isNew && !matchMedia('(pointer: coarse)').matches) void this.#focusField();
  }

  protected override render(): TemplateResult {
    const { thread } = this;
    return html`
      ${this.renderHead()}
      ${this.isOnline ? nothing : html`<p class="news small" role="status">${icon('offline')}<span>${this.messages.chat.offline}</span></p>`}
      <sylk-message-log .messages=${this.messages} .thread=${thread} .found=${this.found} @remove-message=${this.askRemoval}></sylk-message-log>
      <p class="typing small soft" role="status">${thread.isTyping ? this.messages.chat.typing(nameOf(thread)) : nothing}</p>
      ${this.doubt === undefined ? nothing : this.renderDoubt(this.doubt)}
      ${thread.isRequest ? this.renderRequest() : nothing}
      <sylk-composer ?hidden=${this.doubt !== undefined || thread.isRequest} .messages=${this.messages} .conversation=${thread.id} .drafts=${this.drafts}></sylk-composer>
    `;
  }

  private renderHead(): TemplateResult {
    const { thread } = this;
    const words = this.messages.chat;
    const name = nameOf(thread);
    const isElsewhere = thread.account !== this.ownAddress;
    const line = isElsewhere ? words.at(thread.account) : hasOwnName(thread) ? plainAddress(thread.uri) : undefined;
    return html`<header class="head">
      <button type="button" class="icon-button back" part="chat-back" aria-label=${words.back} title=${words.back}
        @click=${() => this.ask({ kind: 'close-conversation' })}>${icon('back')}</button>
      ${avatar(thread)}
      <span class="lines">
        <h2 class="ellipsis" tabindex="-1" dir="auto">${name}</h2>
        ${line === undefined ? nothing : html`<span class="small soft ellipsis" dir="auto">${line}</span>`}
      </span>
      ${this.isInCall ? nothing : this.renderCalls(name)}
      <button type="button" class="icon-button" part="remove-conversation" aria-label=${words.removeConversation}
        title=${words.removeConversation} @click=${() => this.wonder({ kind: 'conversation' })}>${icon('trash')}</button>
      ${this.isInCall ? this.renderClose() : nothing}
    </header>`;
  }

  /** From beside a call, or over it where there is little room, one step leads back to it. */
  private renderClose(): TemplateResult {
    const { close } = this.messages.chat;
    return html`<button type="button" class="icon-button" part="close-chat" aria-label=${close} title=${close}
      @click=${() => this.ask({ kind: 'close-chat' })}>${icon('close')}</button>`;
  }

  private renderCalls(name: string): TemplateResult {
    const words = this.messages.chat;
    const { uri } = this.thread;
    return html`<button type="button" class="icon-button" part="chat-call-audio" aria-label=${words.audio(name)} title=${words.audio(name)}
        @click=${() => this.ask({ kind: 'call', uri, audio: true, video: false })}>${icon('phone')}</button>
      <button type="button" class="icon-button wide-only" part="chat-call-video" aria-label=${words.video(name)} title=${words.video(name)}
        @click=${() => this.ask({ kind: 'call', uri, audio: true, video: true })}>${icon('video')}</button>`;
  }

  private renderRequest(): TemplateResult {
    const words = this.messages.chat;
    const { id } = this.thread;
    return html`<div class="panel request" part="chat-request">
      <p>${words.request(nameOf(this.thread))}</p>
      <span class="wrap">
        <button type="button" class="button primary" part="accept-request"
          @click=${() => this.ask({ kind: 'accept-request', conversation: id })}>${words.accept}</button>
        <button type="button" class="button danger" part="block-contact"
          @click=${() => this.ask({ kind: 'block-contact', conversation: id })}>${icon('block')}${words.block}</button>
      </span>
    </div>`;
  }

  private renderDoubt(doubt: Doubt): TemplateResult {
    const words = this.messages.chat;
    return html`<div class="panel doubt" role="alertdialog" aria-labelledby="sylk-doubt" @keydown=${this.keyInDoubt}>
      <p id="sylk-doubt">${this.meaningOf(doubt)}</p>
      <span class="wrap">
        <button type="button" class="button plain" part="keep" @click=${() => this.wonder(undefined)}>${words.cancel}</button>
        <button type="button" class="button danger" part="confirm-removal" @click=${() => this.confirm(doubt)}>
          ${icon('trash')}${words.remove}</button>
      </span>
    </div>`;
  }

  private meaningOf(doubt: Doubt): string {
    const words = this.messages.chat;
    const who = nameOf(this.thread);
    if (doubt.kind === 'conversation') return words.removeConversationMeaning(who);
    return doubt.message.direction === 'outgoing' ? words.removeOwnMeaning(who) : words.removeTheirsMeaning(who);
  }

  private askRemoval = (event: CustomEvent<ChatMessage>): void => {
    this.wonder({ kind: 'message', message: event.detail });
  };

  private confirm(doubt: Doubt): void {
    const conversation = this.thread.id;
    if (doubt.kind === 'conversation') this.ask({ kind: 'remove-conversation', conversation });
    else this.ask({ kind: 'remove-message', conversation, message: doubt.message.id });
    this.wonder(undefined);
  }

  private wonder(doubt: Doubt | undefined): void {
    this.doubt = doubt;
    if (doubt === undefined) void this.#focusField();
  }

  private keyInDoubt = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.wonder(undefined);
  };

  async #focusField(): Promise<void> {
    await this.updateComplete;
    const composer = this.querySelector('sylk-composer');
    await composer?.updateComplete;
    if (composer?.checkVisibility() && this.checkVisibility()) composer.focusField();
  }
}

define('sylk-thread', SylkThread);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-thread': SylkThread;
  }
}
