import { css, html, type TemplateResult } from 'lit';
import { define, PhonePart } from './phone-part.ts';

/** Digits with the letters that telephones print on them. */
const keys: readonly (readonly [string, string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
  ['*', ''],
  ['0', '+'],
  ['#', ''],
];

/** The keypad of a call: by pointer, or by typing digits while it has the focus. */
export class SylkKeypad extends PhonePart {
  static override properties = { call: { attribute: false }, typed: { state: true } };

  declare call: string;
  declare typed: string;

  constructor() {
    super();
    this.typed = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.key);
  }

  protected override firstUpdated(): void {
    this.querySelector('button')?.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <output class="typed" part="keypad-typed" aria-label=${this.messages.keypad.typed}>${this.typed}</output>
      <div class="keys">
        ${keys.map(
          ([digit, letters]) => html`
          <button type="button" class="key" part="key" aria-label=${this.nameOfKey(digit)} @click=${() => this.press(digit)}>
            <span class="digit">${digit}</span><span class="letters" aria-hidden="true">${letters}</span>
          </button>`,
        )}
      </div>
    `;
  }

  private nameOfKey(digit: string): string {
    if (digit === '*') return this.messages.keypad.star;
    return digit === '#' ? this.messages.keypad.hash : digit;
  }

  private key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[\d*#]$/.test(event.key)) return;
    event.preventDefault();
    this.press(event.key);
  };

  private press(digit: string): void {
    this.typed = (this.typed + digit).slice(-24);
    this.ask({ kind: 'dtmf', call: this.call, digit });
  }
}

define('sylk-keypad', SylkKeypad);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-keypad': SylkKeypad;
  }
}

export const keypadStyle = css`
  sylk-keypad {
    display: grid;
    justify-items: center;
    gap: 16px;

    .typed {
      min-block-size: 36px;
      font-size: 28px;
      font-variant-numeric: tabular-nums;
      letter-spacing: 0.08em;
      max-inline-size: 100%;
      overflow: hidden;
      direction: rtl;
      unicode-bidi: plaintext;
      white-space: nowrap;
    }

    .keys {
      display: grid;
      grid-template-columns: repeat(3, 72px);
      gap: 12px 24px;
    }

    .key {
      display: grid;
      place-content: center;
      justify-items: center;
      aspect-ratio: 1;
      inline-size: 100%;
      border-radius: 999px;
      background: var(--_hush);
      transition: background var(--_quick);
    }

    .key:hover {
      background: var(--_hush-hover);
    }

    .key:active {
      background: var(--_tint-hover);
    }

    .digit {
      font-size: 28px;
      line-height: 1.1;
    }

    .letters {
      font-size: 14px;
      line-height: 1.1;
      letter-spacing: 0.06em;
      color: var(--_soft);
      min-block-size: 15px;
    }
  }

  @container phone (max-height: 520px) {
    sylk-keypad {
      gap: 4px;
    }

    sylk-keypad .keys {
      gap: 4px 16px;
      inline-size: 100%;
      grid-template-columns: repeat(3, 1fr);
    }

    sylk-keypad .key {
      aspect-ratio: auto;
      block-size: 48px;
    }

    sylk-keypad .letters {
      display: none;
    }
  }
`;
