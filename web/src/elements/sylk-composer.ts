import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { emoji } from './chat/emoji.ts';
import { icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

/** Where a message is written. What was typed stays with its conversation, also while another one is open. */
export class SylkComposer extends PhonePart {
  static override properties = {
    conversation: { attribute: false },
    drafts: { attribute: false },
    hasEmoji: { state: true },
  };

  declare conversation: string;
  /** Whether the emoji are open. */
  declare hasEmoji: boolean;
  /** What was typed and not sent, by conversation. */
  declare drafts: Map<string, string>;

  constructor() {
    super();
    this.conversation = '';
    this.drafts = new Map();
    this.hasEmoji = false;
  }

  focusField(): void {
    this.field?.focus();
  }

  private get field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  protected override render(): TemplateResult {
    const words = this.messages.chat;
    return html`
      ${this.hasEmoji ? this.renderEmoji() : nothing}
      <form part="composer" novalidate @submit=${this.submit}>
        <button type="button" class="icon-button" part="emoji" aria-label=${words.emoji} title=${words.emoji}
          aria-expanded=${this.hasEmoji} @click=${this.toggleEmoji}>${icon('smile')}</button>
        <textarea class="field" part="message-field" rows="1" dir="auto" maxlength="10000" enterkeyhint="send"
          aria-label=${words.field} placeholder=${words.write} .value=${live(this.drafts.get(this.conversation) ?? '')}
          @input=${this.type} @keydown=${this.key}></textarea>
        <button type="submit" class="icon-button send" part="send-message" aria-label=${words.send} title=${words.send}>
          ${icon('send')}</button>
      </form>`;
  }

  private renderEmoji(): TemplateResult {
    return html`<div class="emoji" role="group" aria-label=${this.messages.chat.emoji} @keydown=${this.keyInEmoji}>
      ${emoji.map((mark) => html`<button type="button" class="mark" @click=${() => this.insert(mark)}>${mark}</button>`)}
    </div>`;
  }

  private type = (): void => {
    const text = this.field?.value ?? '';
    this.drafts.set(this.conversation, text);
    this.ask({ kind: 'composing', conversation: this.conversation, isEmpty: text.trim() === '' });
  };

  /** Enter sends, as everywhere; on a touch keyboard it is the only way to a new line, and there the button sends. */
  private key = (event: KeyboardEvent): void => {
    const isNewLine = event.shiftKey || event.isComposing || matchMedia('(pointer: coarse)').matches;
    if (event.key !== 'Enter' || isNewLine) return;
    event.preventDefault();
    this.send();
  };

  private keyInEmoji = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.hasEmoji = false;
    this.field?.focus();
  };

  private submit = (event: Event): void => {
    event.preventDefault();
    this.send();
  };

  private send(): void {
    const text = this.field?.value.trim() ?? '';
    if (text === '') return this.focusField();
    this.ask({ kind: 'send', conversation: this.conversation, text });
    this.drafts.delete(this.conversation);
    this.hasEmoji = false;
    this.requestUpdate();
    this.focusField();
  }

  private toggleEmoji = (): void => {
    this.hasEmoji = !this.hasEmoji;
  };

  private insert(mark: string): void {
    const { field } = this;
    if (field === null) return;
    field.setRangeText(mark, field.selectionStart, field.selectionEnd, 'end');
    this.type();
    field.focus();
  }
}

define('sylk-composer', SylkComposer);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-composer': SylkComposer;
  }
}

export const composerStyle = css`
  sylk-composer {
    display: block;
    border-block-start: 1px solid var(--_line);
    background: var(--_raised);

    form {
      display: flex;
      align-items: end;
      gap: 4px;
      padding: 8px;
    }

    textarea {
      flex: 1;
      min-inline-size: 0;
      min-block-size: 44px;
      max-block-size: 152px;
      padding-block: 11px;
      border-radius: 22px;
      line-height: 1.5;
      resize: none;
      font: inherit;
      field-sizing: content;
      overflow: auto;
    }

    .send {
      background: var(--_accent);
      color: var(--_on-accent);
    }

    .send:hover:enabled {
      background: var(--_accent-hover);
      color: var(--_on-accent);
    }

    .emoji {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(44px, 1fr));
      max-block-size: 184px;
      overflow: auto;
      padding: 8px;
      border-block-end: 1px solid var(--_line);
    }

    .mark {
      min-block-size: 44px;
      border-radius: 8px;
      font-size: 24px;
      line-height: 1;
      text-align: center;
    }

    .mark:hover {
      background: var(--_hush);
    }
  }
`;
