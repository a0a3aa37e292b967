import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

/**
 * A panel over the phone, from below where it is narrow, in the middle where it is wide. Focus goes in when it opens
 * and cannot leave by Tab; Esc closes it and nothing else. What opened it gets the focus back from the public element.
 */
export class SylkSheet extends PhonePart {
  static override properties = { heading: { attribute: false }, content: { attribute: false } };

  declare heading: string;
  declare content: TemplateResult;

  constructor() {
    super();
    this.heading = '';
    this.content = html``;
  }

  /** Also when one sheet leads to another: what was pressed is gone then. */
  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('heading')) this.querySelector<HTMLElement>('.panel')?.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <div class="shade" @click=${this.close}></div>
      <div class="panel" part="sheet" role="dialog" aria-modal="true" aria-labelledby="sylk-sheet-title" tabindex="-1" @keydown=${this.key}>
        <header>
          <h2 id="sylk-sheet-title">${this.heading}</h2>
          <button type="button" class="icon-button" part="sheet-close" aria-label=${this.messages.sheet.close}
            title=${this.messages.sheet.close} @click=${this.close}>${icon('close')}</button>
        </header>
        <div class="content">${this.content}</div>
      </div>
    `;
  }

  private close = (): void => {
    this.ask({ kind: 'close' });
  };

  private key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
    }
    if (event.key === 'Tab') this.keepFocus(event);
  };

  private keepFocus(event: KeyboardEvent): void {
    const stops = [
      ...this.querySelectorAll<HTMLElement>('button:enabled, input, select, summary, [tabindex="0"]'),
    ].filter((stop) => stop.checkVisibility());
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    const isAtEdge = event.target === edge || (event.shiftKey && event.target === this.querySelector('.panel'));
    if (!isAtEdge) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0])?.focus();
  }
}

define('sylk-sheet', SylkSheet);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-sheet': SylkSheet;
  }
}

export const sheetStyle = css`
  sylk-sheet {
    position: absolute;
    inset: 0;
    z-index: 5;
    display: grid;
    /* A row of the phone's height, however much is in the sheet: that scrolls inside. */
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    place-items: end center;

    .shade {
      position: absolute;
      inset: 0;
      background: rgb(8 11 20 / 45%);
      animation: appear var(--_quick);
    }

    .panel {
      position: relative;
      display: flex;
      flex-direction: column;
      inline-size: 100%;
      max-block-size: calc(100% - 16px);
      background: var(--_raised);
      border-start-start-radius: 20px;
      border-start-end-radius: 20px;
      box-shadow: var(--_shadow-high);
      animation: rise var(--_quick);
      outline: none;
    }

    header {
      display: flex;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
      padding-block: 12px 4px;
      padding-inline: 24px 12px;
    }


    header h2 {
      font-size: 20px;
    }

    .content {
      overflow: auto;
      padding: 8px 24px 24px;
    }
  }

  @keyframes appear {
    from { opacity: 0; }
  }

  @keyframes rise {
    from { transform: translateY(24px); opacity: 0; }
  }

  @container phone (min-width: 600px) {
    sylk-sheet {
      place-items: center;
    }

    sylk-sheet .panel {
      inline-size: min(440px, 100% - 32px);
      border-radius: 20px;
    }
  }
`;
