import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatMessage } from '../store/chat/chat-message.ts';
import type { Thread } from '../store/chat/chat-snapshot.ts';
import { dayName, isNextDay, timeOf } from './chat/days.ts';
import { messageActions } from './chat/message-actions.ts';
import { messageBody } from './chat/message-body.ts';
import { messageState } from './chat/message-state.ts';
import {
  blocksOf,
  type MessageBlock,
  type MessageWindow,
  newestPage,
  olderPage,
  pageWith,
} from './chat/message-window.ts';
import { icon } from './look/icons.ts';
import { nameOf } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** How far from the top the next page is drawn, and how near the end still counts as the end, in px. */
const topMargin = 1_500;
const endMargin = 40;
/** Blocks at the top that are laid out whole, so that their height is known before they are skipped out of sight. */
const nearBlocks = 4;

/**
 * The messages of one conversation, the newest in sight. Older ones are drawn as they are scrolled to, and what is in
 * sight stays where it is meanwhile. Who reads further up is not moved by new messages.
 */
export class SylkMessageLog extends PhonePart {
  static override properties = {
    thread: { attribute: false },
    found: { attribute: false },
    chosen: { state: true },
    isAtEnd: { state: true },
  };

  declare thread: Thread;
  /** Key of a message that is to be shown, wherever it is. */
  declare found: string | undefined;
  /** The message whose actions are open. */
  declare chosen: string | undefined;
  declare isAtEnd: boolean;
  #window: MessageWindow = { firstBlock: 0 };
  /** Where it was scrolled to last. */
  #lastTop = 0;
  /** Height of all before it is drawn anew with more at the top. */
  #grewFrom: number | undefined;
  readonly #sizes = new ResizeObserver(() => this.#resized());

  constructor() {
    super();
    this.isAtEnd = true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.look);
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.look);
    this.#sizes.disconnect();
  }

  private get log(): HTMLElement | null {
    return this.querySelector('.log');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('thread');
    const { messages, id } = this.thread;
    if (changed.has('thread') && before?.id !== id) this.#start();
    else if (before && isOwnNew(before.messages, messages)) this.isAtEnd = true;
    if (changed.has('found') && this.found !== undefined) {
      const index = messages.findIndex(({ key }) => key === this.found);
      if (index >= 0) this.#window = pageWith(this.#window, index);
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { log } = this;
    if (log === null) return;
    if (changed.has('found') && this.found !== undefined) this.#showFound(log);
    else if (this.#grewFrom !== undefined) log.scrollTop += log.scrollHeight - this.#grewFrom;
    else if (this.isAtEnd) log.scrollTop = log.scrollHeight;
    this.#grewFrom = undefined;
    this.look();
  }

  protected override render(): TemplateResult {
    const words = this.messages.chat;
    const who = nameOf(this.thread);
    const blocks = blocksOf(this.#window, this.thread.messages);
    return html`
      <div class="log" part="message-log" tabindex="0" role="region" aria-label=${words.log(who)}
        @scroll=${this.scrolled} @keydown=${this.walk}>
        ${this.#window.firstBlock === 0 ? html`<p class="beginning small soft">${words.firstEver(who)}</p>` : nothing}
        ${repeat(
          blocks,
          ({ block }) => `${this.thread.id} ${block}`,
          (block) =>
            html`<ol class=${block.block > this.#window.firstBlock + nearBlocks ? 'far' : ''}>${guard(this.dependenciesOf(block), () => this.renderBlock(block))}</ol>`,
        )}
      </div>
      ${
        this.isAtEnd
          ? nothing
          : html`<button type="button" class="icon-button latest" part="latest" aria-label=${words.latest}
          title=${words.latest} @click=${this.toEnd}>${icon('down')}</button>`
      }`;
  }

  /** A block is drawn anew only when something in it, or right before it, is another one: there may be hundreds. */
  private dependenciesOf({ start, items }: MessageBlock<ChatMessage>): unknown[] {
    const chosen = items.find(({ key }) => key === this.chosen)?.key;
    return [this.messages, this.thread.firstUnread, chosen, start, this.thread.messages[start - 1], ...items];
  }

  private renderBlock({ start, items }: MessageBlock<ChatMessage>): unknown {
    return repeat(
      items,
      ({ key }) => key,
      (message, index) => this.renderMessage(message, start + index),
    );
  }

  private renderMessage(message: ChatMessage, index: number): TemplateResult {
    const { locale, chat: words } = this.messages;
    const before = this.thread.messages[index - 1];
    const isNewDay = before === undefined || isNextDay(before.at, message.at);
    const isFirstNew = message.key === this.thread.firstUnread;
    return html`<li class="message ${message.direction} ${before?.direction === message.direction ? 'goes-on' : ''}"
      data-key=${message.key}>
      ${isNewDay ? html`<h3 class="day small">${dayName(message.at, Date.now(), locale)}</h3>` : nothing}
      ${isFirstNew ? html`<p class="new-ones small">${words.newOnes}</p>` : nothing}
      <div class="line">
        <div class="bubble" part="message ${message.direction}-message">
          ${message.direction === 'outgoing' ? html`<span class="unseen">${words.you}</span>` : nothing}
          ${messageBody(message, words)}
          <span class="meta"><time datetime=${new Date(message.at).toISOString()}>${timeOf(message.at, locale)}</time>
            ${message.direction === 'outgoing' ? messageState(message, words) : nothing}</span>
        </div>
        <button type="button" class="icon-button more" part="message-actions" tabindex="-1"
          aria-label=${words.more(shortened(message.content))} aria-expanded=${this.chosen === message.key}
          @click=${() => this.choose(message)}>${icon('more')}</button>
      </div>
      ${this.chosen === message.key || message.state === 'failed' ? messageActions(message, this.chosen === message.key, this.messages, this.perform) : nothing}
    </li>`;
  }

  #start(): void {
    this.#window = newestPage(this.thread.messages.length);
    this.isAtEnd = true;
    this.chosen = undefined;
  }

  #showFound(log: HTMLElement): void {
    const row = [...log.querySelectorAll<HTMLElement>('.message')].find(({ dataset }) => dataset.key === this.found);
    row?.scrollIntoView({ block: 'center' });
    row?.classList.add('found');
  }

  #resized(): void {
    if (this.isAtEnd && this.log !== null) this.log.scrollTop = this.log.scrollHeight;
    this.look();
  }

  private scrolled = (): void => {
    const { log } = this;
    if (log === null) return;
    const isUpwards = log.scrollTop < this.#lastTop - 1;
    this.#lastTop = log.scrollTop;
    // What grows or shrinks around a log that shows its end does not take it away from there; only a person does.
    if (log.scrollHeight - log.scrollTop - log.clientHeight < endMargin) this.isAtEnd = true;
    else if (isUpwards) this.isAtEnd = false;
    if (log.scrollTop < topMargin && this.#window.firstBlock > 0 && this.#grewFrom === undefined) {
      this.#grewFrom = log.scrollHeight;
      this.#window = olderPage(this.#window);
      this.requestUpdate();
    }
    this.look();
  };

  /** What is at the end of a log in sight has been seen. */
  private look = (): void => {
    const { id, unread } = this.thread;
    if (unread === 0 || !this.isAtEnd || document.hidden || !this.checkVisibility()) return;
    this.ask({ kind: 'seen', conversation: id });
  };

  private toEnd = (): void => {
    this.isAtEnd = true;
    this.requestUpdate();
    this.log?.focus();
  };

  /** Up and down walk through the messages; what can be done with one opens there. */
  private walk = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.chosen !== undefined) {
      event.stopPropagation();
      this.chosen = undefined;
    }
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const stops = [...this.querySelectorAll<HTMLElement>('.more')];
    const here = event.target instanceof HTMLElement ? stops.indexOf(event.target) : -1;
    const last = stops.length - 1;
    const next = event.key === 'ArrowUp' ? (here < 0 ? last : here - 1) : here < 0 ? -1 : here + 1;
    const stop = stops[Math.min(next, last)];
    if (stop === undefined) return;
    event.preventDefault();
    stop.focus({ preventScroll: true });
    stop.closest('.message')?.scrollIntoView({ block: 'nearest' });
  };

  private choose({ key }: ChatMessage): void {
    this.chosen = this.chosen === key ? undefined : key;
  }

  private perform = (message: ChatMessage, action: 'retry' | 'remove' | 'copy'): void => {
    if (action === 'retry') this.ask({ kind: 'resend', conversation: this.thread.id, message: message.id });
    if (action === 'remove') this.dispatchEvent(new CustomEvent('remove-message', { detail: message }));
    this.chosen = undefined;
  };
}

/** Whether the person has just written something: then it wants to be seen. */
function isOwnNew(before: readonly ChatMessage[], now: readonly ChatMessage[]): boolean {
  const last = now.at(-1);
  return now.length > before.length && last?.direction === 'outgoing' && last.state === 'pending';
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

define('sylk-message-log', SylkMessageLog);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-message-log': SylkMessageLog;
  }
}
