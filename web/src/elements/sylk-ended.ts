import { css, html, nothing, type TemplateResult } from 'lit';
import type { EndedView } from '../store/snapshot.ts';
import { Copying } from './look/copying.ts';
import { icon } from './look/icons.ts';
import { clock } from './people/times.ts';
import { outline } from './phone/outline.ts';
import { define, PhonePart } from './phone-part.ts';
import { endingOf } from './state/ending.ts';
import './sylk-blocked-network.ts';

/** The course of a call, as far as it is here. */
export type Details = { readonly state: 'loading' } | { readonly state: 'here' | 'failed'; readonly text: string };

/** How a call ended: a sentence, the way to call again, what helps where the network is to blame, and the details for those who want them. */
export class SylkEnded extends PhonePart {
  static override properties = {
    ended: { attribute: false },
    details: { attribute: false },
    hasPage: { attribute: false },
    offersDone: { attribute: false },
  };

  declare ended: EndedView;
  /** Undefined until somebody opens the details. */
  declare details: Details | undefined;
  /** Whether this site shows the course of a call at `/calls/ID`. */
  declare hasPage: boolean;
  declare offersDone: boolean;
  readonly #copying = new Copying(this);

  constructor() {
    super();
    this.hasPage = false;
    this.offersDone = true;
  }

  protected override render(): TemplateResult {
    const { ended } = this;
    const words = this.messages.ended;
    const ending = endingOf(ended);
    const titles = { usual: words.title, unanswered: words.unansweredTitle, failure: words.failedTitle };
    return html`<section class="ended" part="ended">
      <span class="sign ${ending}">${icon(ending === 'failure' ? 'info' : 'phone')}</span>
      <div>
        <h1 tabindex="-1">${titles[ending]}</h1>
        <p class="sentence" part="ended-sentence">${ended.sentence}</p>
        ${ended.durationMs > 0 ? html`<p class="soft">${words.lasted(clock(ended.durationMs))}</p>` : nothing}
      </div>
      <div class="next">
        <button type="button" class="button primary" part="call-again" @click=${this.again}>
          ${icon(ended.withVideo ? 'video' : 'phone')}${words.again}</button>
        <button type="button" class="button" part="done" @click=${() => this.ask({ kind: 'dismiss-ended' })}>${words.done}</button>
      </div>
      ${
        ended.unreached === undefined
          ? nothing
          : html`<sylk-blocked-network .messages=${this.messages} .places=${ended.unreached}></sylk-blocked-network>`
      }
      ${this.renderDetails()}
    </section>`;
  }

  private renderDetails(): TemplateResult {
    const words = this.messages.ended;
    return html`<details part="details" @toggle=${this.open}>
      <summary part="details-summary">${icon('chevron')}${words.details}</summary>
      <p class="small">${this.ended.reason}</p>
      ${this.renderLadder()}
    </details>`;
  }

  private renderLadder(): TemplateResult | typeof nothing {
    const words = this.messages.ended;
    const { details } = this;
    if (details === undefined) return nothing;
    if (details.state === 'loading')
      return html`<div class="bones" role="status"><span class="unseen">${words.loading}</span>
      ${[1, 2, 3].map(() => html`<div class="bone"></div>`)}</div>`;
    if (details.state === 'failed') return html`<p class="fault">${icon('info')}<span>${details.text}</span></p>`;
    const isCopied = this.#copying.copied === 'ladder';
    return html`<pre part="ladder" tabindex="0" role="region" aria-label=${words.ladder} dir="ltr">${outline(details.text)}</pre>
      <button type="button" class="button plain" part="copy-details" @click=${() => this.#copying.copy('ladder', details.text)}>
        ${icon(isCopied ? 'check' : 'copy')}${isCopied ? words.copied : words.copy}</button>
      ${this.hasPage ? this.renderLink() : nothing}`;
  }

  private renderLink(): TemplateResult {
    return html`<a class="button plain" part="open-ladder" target="_blank" href=${`/calls/${encodeURIComponent(this.ended.call)}`}>
      ${this.messages.course.title}</a>`;
  }

  private open = (event: Event): void => {
    const isOpen = event.target instanceof HTMLDetailsElement && event.target.open;
    if (isOpen && this.details === undefined) this.ask({ kind: 'details', call: this.ended.call });
  };

  private again = (): void => {
    const { uri, withVideo } = this.ended;
    this.ask({ kind: 'call', uri, audio: true, video: withVideo });
  };
}

define('sylk-ended', SylkEnded);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-ended': SylkEnded;
  }
}

export const endedStyle = css`
  sylk-ended {
    display: block;

    .ended {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: center;
      gap: 24px;
      max-inline-size: 480px;
      margin-inline: auto;
      padding: 24px 16px 32px;
      text-align: center;
    }

    .sign {
      display: grid;
      place-items: center;
      inline-size: 64px;
      block-size: 64px;
      border-radius: 50%;
      background: var(--_hush);
      color: var(--_soft);
    }

    .sign .icon {
      inline-size: 28px;
      block-size: 28px;
    }

    .sign.failure {
      background: var(--_danger-tint);
      color: var(--_danger-text);
    }

    h1 {
      font-size: 28px;
      margin-block-end: 8px;
      outline: none;
    }

    .sentence {
      overflow-wrap: anywhere;
    }

    .next {
      display: grid;
      gap: 8px;
      inline-size: 100%;
      max-inline-size: 320px;
    }

    details {
      inline-size: 100%;
      text-align: start;
    }

    summary {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 4px;
      min-block-size: 44px;
      border-radius: var(--_radius);
      color: var(--_soft);
      font-size: 14px;
      font-weight: 600;
      cursor: pointer;
      list-style: none;
    }

    summary::-webkit-details-marker {
      display: none;
    }

    summary .icon {
      inline-size: 16px;
      block-size: 16px;
      transition: transform var(--_quick);
    }

    details[open] summary .icon {
      transform: rotate(90deg);
    }

    details p {
      margin-block-end: 8px;
    }

    pre {
      max-block-size: 320px;
      margin: 0;
      padding: 16px;
      overflow: auto;
      border-radius: var(--_radius);
      background: var(--_raised);
      box-shadow: inset 0 0 0 1px var(--_line);
      font: 14px / 1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace;
    }

    .bones {
      display: grid;
      gap: 8px;
    }

    .bones .bone {
      block-size: 20px;
    }
  }
`;
