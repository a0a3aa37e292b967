import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatSnapshot, Conversation, FoundMessage } from '../store/chat/chat-snapshot.ts';
import { messageState } from './chat/message-state.ts';
import { readTypedAddress } from './dial/typed-address.ts';
import { icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { nameOf, plainAddress } from './people/person.ts';
import { whenWas } from './people/times.ts';
import { define, PhonePart } from './phone-part.ts';

/** All conversations, the latest first, and a field to find one or to begin another. */
export class SylkConversations extends PhonePart {
  static override properties = {
    chat: { attribute: false },
    find: { attribute: false },
    domain: { attribute: false },
    words: { state: true },
  };

  declare chat: ChatSnapshot;
  declare find: (words: string) => readonly FoundMessage[];
  /** Completes a bare name. */
  declare domain: string | undefined;
  /** What is searched for. */
  declare words: string;

  constructor() {
    super();
    this.find = () => [];
    this.words = '';
  }

  protected override render(): TemplateResult {
    const words = this.messages.chat;
    return html`
      <header class="head">
        <h2 tabindex="-1">${words.title}</h2>
        <button type="button" class="icon-button" part="close-chat" aria-label=${words.close} title=${words.close}
          @click=${() => this.ask({ kind: 'close-chat' })}>${icon('close')}</button>
      </header>
      <form class="search" role="search" novalidate @submit=${this.submit}>
        ${icon('search')}
        <input class="field" part="chat-search" type="text" dir="auto" autocomplete="off" autocapitalize="none" spellcheck="false"
          maxlength="256" aria-label=${words.search} placeholder=${words.search} .value=${live(this.words)} @input=${this.type} />
      </form>
      <div class="rows" @keydown=${this.walk}>${this.renderRows()}</div>
    `;
  }

  private renderRows(): TemplateResult {
    const { chat } = this;
    const words = this.messages.chat;
    if (this.words.trim() !== '') return this.renderFound();
    if (chat.state === 'loading') return this.renderBones();
    const known = chat.conversations.filter(({ isRequest }) => !isRequest);
    const requests = chat.conversations.filter(({ isRequest }) => isRequest);
    if (chat.conversations.length === 0) return this.renderEmpty();
    return html`${requests.length === 0 ? nothing : this.renderList(words.requests, requests)}
      ${known.length === 0 ? nothing : this.renderList(requests.length === 0 ? undefined : words.list, known)}`;
  }

  private renderEmpty(): TemplateResult {
    const words = this.messages.chat;
    return html`<div class="empty">
      ${icon('chat')}
      <p class="strong">${this.chat.isSyncing ? words.syncing : words.empty}</p>
      <p class="soft small">${this.chat.state === 'none' ? words.noAddress : words.emptyHint}</p>
    </div>`;
  }

  private renderBones(): TemplateResult {
    return html`<div aria-busy="true" aria-label=${this.messages.chat.syncing} role="status">
      ${[1, 2, 3].map(() => html`<div class="row-bones"><span class="bone round"></span><span class="bone"></span></div>`)}
    </div>`;
  }

  private renderFound(): TemplateResult {
    const words = this.messages.chat;
    const wanted = this.words.trim().toLowerCase();
    const people = this.chat.conversations.filter(({ uri, displayName }) =>
      `${displayName} ${uri}`.toLowerCase().includes(wanted),
    );
    const found = this.find(this.words);
    const address = this.typedAddress();
    const isNothing = people.length + found.length === 0 && address === undefined;
    return html`
      ${address === undefined ? nothing : this.renderNew(address)}
      ${people.length === 0 ? nothing : this.renderList(words.list, people)}
      ${
        found.length === 0
          ? nothing
          : html`<h3 class="small soft">${words.found}</h3><ul>${repeat(
              found,
              ({ conversation, message }) => `${conversation.id} ${message}`,
              (one) => this.renderHit(one),
            )}</ul>`
      }
      ${isNothing ? html`<p class="soft none" role="status">${words.nothingFound}</p>` : nothing}`;
  }

  private renderNew(uri: string): TemplateResult {
    const shown = plainAddress(uri);
    return html`<button type="button" class="pick" part="new-conversation" @click=${() => this.begin(uri)}>
      ${avatar({ uri, displayName: '' })}
      <span class="lines"><span class="name ellipsis" dir="auto">${this.messages.chat.writeTo(shown)}</span></span>
      ${icon('send')}
    </button>`;
  }

  private renderHit({ conversation, message, text, at }: FoundMessage): TemplateResult {
    return html`<li><button type="button" class="pick" part="found-message" @click=${() => this.open(conversation.id, message)}>
      ${avatar(conversation)}
      <span class="lines">
        <span class="top"><span class="name ellipsis" dir="auto">${nameOf(conversation)}</span>${this.renderTime(at)}</span>
        <span class="last small soft ellipsis" dir="auto">${text}</span>
      </span>
    </button></li>`;
  }

  private renderList(title: string | undefined, conversations: readonly Conversation[]): TemplateResult {
    return html`${title === undefined ? nothing : html`<h3 class="small soft">${title}</h3>`}
      <ul part="conversations" aria-label=${title ?? this.messages.chat.list}>${repeat(
        conversations,
        ({ id }) => id,
        (conversation) => this.renderRow(conversation),
      )}</ul>`;
  }

  private renderRow(conversation: Conversation): TemplateResult {
    const words = this.messages.chat;
    const { id, last, unread, isTyping } = conversation;
    const name = nameOf(conversation);
    const isOpen = this.chat.thread?.id === id;
    return html`<li><button type="button" class="pick ${unread > 0 ? 'unread' : ''}" part="conversation"
      aria-current=${isOpen ? 'true' : nothing} @click=${() => this.open(id)}>
      ${avatar(conversation)}
      <span class="lines">
        <span class="top"><span class="name ellipsis" dir="auto">${name}</span>${last ? this.renderTime(last.at) : nothing}</span>
        <span class="top"><span class="last small soft ellipsis" dir="auto">${
          isTyping ? words.typing(name) : html`${this.renderState(conversation)}${last?.text}`
        }</span>
        ${unread === 0 ? nothing : html`<span class="badge"><span aria-hidden="true">${unread > 99 ? '99+' : unread}</span><span class="unseen">${words.unread(unread)}</span></span>`}</span>
      </span>
    </button></li>`;
  }

  private renderState({ last }: Conversation): TemplateResult | typeof nothing {
    return last?.direction === 'outgoing' ? messageState(last, this.messages.chat) : nothing;
  }

  private renderTime(at: number): TemplateResult {
    return html`<time class="small soft" datetime=${new Date(at).toISOString()}>${whenWas(at, Date.now(), this.messages.locale)}</time>`;
  }

  /** A whole address, or the name of somebody here, that could be written to. */
  private typedAddress(): string | undefined {
    const typed = readTypedAddress(this.words, this.words.includes('@') ? this.domain : undefined);
    return typed.kind === 'address' ? typed.uri : undefined;
  }

  private type = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.words = event.target.value;
  };

  private submit = (event: Event): void => {
    event.preventDefault();
    const address = this.typedAddress();
    if (address !== undefined) this.begin(address);
    else this.querySelector<HTMLElement>('.pick')?.click();
  };

  private begin(uri: string): void {
    this.words = '';
    this.ask({ kind: 'write-to', uri });
  }

  private open(conversation: string, message?: string): void {
    if (message !== undefined) this.dispatchEvent(new CustomEvent('show-message', { detail: message, bubbles: true }));
    this.ask({ kind: 'open-conversation', conversation });
  }

  /** Up and down walk through the rows. */
  private walk = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const rows = [...this.querySelectorAll<HTMLElement>('.pick')];
    const here = event.target instanceof HTMLElement ? rows.indexOf(event.target) : -1;
    const next = rows[here + (event.key === 'ArrowDown' ? 1 : -1)];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
}

define('sylk-conversations', SylkConversations);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-conversations': SylkConversations;
  }
}
