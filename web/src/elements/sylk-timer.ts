import { css, html, type TemplateResult } from 'lit';
import { clock } from './people/times.ts';
import { define, PhonePart } from './phone-part.ts';

/** Counts up once a second from a moment; not a live region, or it would be read out every second. */
export class SylkTimer extends PhonePart {
  static override properties = { since: { attribute: false } };

  /** Ms since 1970. */
  declare since: number;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.since = Date.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), 1_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  protected override render(): TemplateResult {
    return html`<span part="timer"><span class="unseen">${this.messages.call.duration} </span>${clock(Date.now() - this.since)}</span>`;
  }
}

define('sylk-timer', SylkTimer);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-timer': SylkTimer;
  }
}

export const timerStyle = css`
  sylk-timer {
    font-variant-numeric: tabular-nums;
  }
`;
