import { css, html, nothing, svg, type TemplateResult } from 'lit';
import type { CallView } from '../store/snapshot.ts';
import { define, PhonePart } from './phone-part.ts';

/** Three bars for the connection; the sentence behind them shows on hover, focus and press. */
export class SylkQuality extends PhonePart {
  static override properties = { quality: { attribute: false }, isOpen: { state: true } };

  declare quality: NonNullable<CallView['quality']>;
  declare isOpen: boolean;

  constructor() {
    super();
    this.quality = { bars: 3, sentence: '' };
    this.isOpen = false;
  }

  protected override render(): TemplateResult {
    const { bars, sentence } = this.quality;
    const word = this.messages.call.quality[bars] ?? '';
    return html`
      <button type="button" class="bars level-${bars}" part="quality" aria-expanded=${this.isOpen}
        aria-label=${this.messages.call.qualityName(word)} aria-describedby="sylk-quality-sentence"
        @click=${() => {
          this.isOpen = !this.isOpen;
        }} @blur=${() => {
          this.isOpen = false;
        }} @keydown=${this.key}>
        <svg viewBox="0 0 20 16" aria-hidden="true" focusable="false">
          ${[0, 1, 2].map((bar) => svg`<rect class=${bar < bars ? 'on' : 'off'} x=${bar * 7 + 1} y=${10 - bar * 4.5} width="4" height=${5 + bar * 4.5} rx="1.5"></rect>`)}
        </svg>
      </button>
      <span class="bubble ${this.isOpen ? 'open' : ''}" id="sylk-quality-sentence" part="quality-sentence">${sentence === '' ? nothing : sentence}</span>
    `;
  }

  private key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.isOpen) return;
    event.stopPropagation();
    this.isOpen = false;
  };
}

define('sylk-quality', SylkQuality);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-quality': SylkQuality;
  }
}

export const qualityStyle = css`
  sylk-quality {
    position: relative;
    display: inline-block;

    .bars {
      display: grid;
      place-items: center;
      inline-size: 44px;
      block-size: 44px;
      border-radius: 50%;
    }

    svg {
      inline-size: 20px;
      block-size: 16px;
    }

    .on {
      fill: var(--_good);
    }

    .level-2 .on {
      fill: light-dark(#8a5a00, #ffc861);
    }

    .level-1 .on {
      fill: var(--_danger-text);
    }

    .off {
      fill: var(--_text);
      opacity: 0.28;
    }

    .bubble {
      position: absolute;
      z-index: 2;
      inset-block-start: 100%;
      inset-inline-end: 0;
      inline-size: max-content;
      max-inline-size: min(240px, 70cqi);
      padding: 8px 12px;
      border-radius: var(--_radius);
      background: var(--_raised);
      color: var(--_text);
      box-shadow: var(--_shadow-high);
      font-size: 14px;
      visibility: hidden;
    }

    .bars:hover + .bubble:not(:empty),
    .bars:focus-visible + .bubble:not(:empty),
    .bubble.open:not(:empty) {
      visibility: visible;
    }
  }
`;
