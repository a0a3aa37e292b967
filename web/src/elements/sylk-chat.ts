import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ChatSnapshot, FoundMessage } from '../store/chat/chat-snapshot.ts';
import { icon } from './look/icons.ts';
import { nameOf } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';
import './sylk-conversations.ts';
import './sylk-thread.ts';

/** The conversations beside the open one, or one after the other where there is little room. */
export class SylkChat extends PhonePart {
  static override properties = {
    chat: { attribute: false },
    find: { attribute: false },
    domain: { attribute: false },
    ownAddress: { attribute: false },
    isOnline: { attribute: false },
    isInCall: { attribute: false },
    problem: { attribute: false },
    found: { state: true },
  };

  declare chat: ChatSnapshot;
  declare find: (words: string) => readonly FoundMessage[];
  declare domain: string | undefined;
  declare ownAddress: string | undefined;
  declare isOnline: boolean;
  declare isInCall: boolean;
  /** Why the last conversation could not be begun. */
  declare problem: string | undefined;
  /** A message that the search has found, to be shown in its conversation. */
  declare found: string | undefined;
  /** What was typed and not sent stays, whichever conversation is open. */
  readonly #drafts = new Map<string, string>();

  constructor() {
    super();
    this.find = () => [];
    this.isOnline = true;
    this.isInCall = false;
    this.addEventListener('show-message', this.showMessage);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('chat')?.thread?.id;
    if (before !== undefined && before !== this.chat.thread?.id && !changed.has('found')) this.found = undefined;
  }

  protected override render(): TemplateResult {
    const { thread } = this.chat;
    const words = this.messages.chat;
    return html`<section class="chat ${thread === undefined ? 'choosing' : 'reading'} ${this.isInCall ? 'beside' : ''}" part="chat" aria-label=${words.title}>
      <div class="list">
        ${this.problem === undefined ? nothing : html`<p class="fault">${icon('info')}<span>${this.problem}</span></p>`}
        <sylk-conversations .messages=${this.messages} .chat=${this.chat} .find=${this.find} .domain=${this.domain}></sylk-conversations>
      </div>
      ${
        thread === undefined
          ? html`<div class="none-open soft">${icon('chat')}<p>${words.pick}</p></div>`
          : html`<sylk-thread class="thread" .messages=${this.messages} .thread=${thread} .found=${this.found} .ownAddress=${this.ownAddress}
            .drafts=${this.#drafts} .isOnline=${this.isOnline} .isInCall=${this.isInCall}></sylk-thread>`
      }
      <p class="unseen" role="status">${this.arrivedText()}</p>
    </section>`;
  }

  /** What a screen reader says of a message that came. */
  private arrivedText(): string {
    const { arrived } = this.chat;
    if (arrived === undefined) return '';
    const { chat: words } = this.messages;
    const who = nameOf(arrived.conversation);
    return arrived.conversation.isRequest ? words.arrivedRequest(who) : words.arrived(who, arrived.text);
  }

  private showMessage = (event: Event): void => {
    if (event instanceof CustomEvent) this.found = String(event.detail);
  };
}

define('sylk-chat', SylkChat);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-chat': SylkChat;
  }
}
