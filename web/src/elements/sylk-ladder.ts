import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CallCourse, CallStep } from '../store/call-course.ts';
import { lanesOf, secondsSince, spanOf } from './ladder/lanes.ts';
import { mediaStyle, mediaTable } from './ladder/media-table.ts';
import { readable } from './ladder/readable.ts';
import { controls } from './look/controls.ts';
import { Copying } from './look/copying.ts';
import { icon } from './look/icons.ts';
import { theme } from './look/theme.ts';
import { en, type Messages } from './messages/en.ts';
import { define } from './phone-part.ts';

/** The course of one call: a sequence diagram whose steps open to show their messages. */
export class SylkLadder extends LitElement {
  static override properties = {
    messages: { attribute: false },
    course: { attribute: false },
    text: { attribute: false },
    problem: { attribute: false },
  };

  declare messages: Messages;
  /** Absent while it is fetched. */
  declare course: CallCourse | undefined;
  /** The same to be pasted into a ticket. */
  declare text: string;
  /** Why there is none, in a sentence. */
  declare problem: string | undefined;
  readonly #copying = new Copying(this);

  constructor() {
    super();
    this.messages = en;
    this.text = '';
  }

  protected override render(): TemplateResult {
    const words = this.messages.course;
    return html`<main part="ladder-page" lang=${this.messages.locale}>
      <header>
        <a class="button" part="to-phone" href="/">${icon('phone')}${words.toPhone}</a>
        ${this.course === undefined ? nothing : this.renderCopy()}
      </header>
      <h1>${words.title}</h1>
      ${this.renderBody()}
    </main>`;
  }

  private renderCopy(): TemplateResult {
    const words = this.messages.ended;
    const isCopied = this.#copying.copied === 'ladder';
    return html`<button type="button" class="button" part="copy-ladder" @click=${() => this.#copying.copy('ladder', this.text)}>
      ${icon(isCopied ? 'check' : 'copy')}<span role="status">${isCopied ? words.copied : words.copy}</span></button>`;
  }

  private renderBody(): TemplateResult {
    if (this.problem !== undefined)
      return html`<p class="fault" part="ladder-problem">${icon('info')}<span>${this.problem}</span></p>
        <p>${this.messages.course.elsewhere}</p>`;
    if (this.course === undefined) return html`<p role="status">${this.messages.ended.loading}</p>`;
    return this.renderCourse(this.course);
  }

  private renderCourse({ from, to, cause, steps, media }: CallCourse): TemplateResult {
    const lanes = lanesOf(steps);
    const start = steps[0]?.at ?? 0;
    const began = new Date(start).toLocaleString(this.messages.locale, { dateStyle: 'long', timeStyle: 'medium' });
    return html`<p class="who" dir="ltr"><b>${from}</b> → <b>${to}</b></p>
      <p class="soft"><time datetime=${new Date(start).toISOString()}>${began}</time></p>
      ${cause === undefined ? nothing : html`<p class="cause" part="ladder-cause">${icon('info')}<span><b>${this.messages.course.cause}:</b> ${cause}</span></p>`}
      <div class="diagram" part="ladder-diagram" dir="ltr" .style=${`--lanes: ${lanes.length}`}>
        <div class="heads"><span></span><div class="lanes" aria-hidden="true">${lanes.map((lane) => html`<b>${this.nameOf(lane)}</b>`)}</div></div>
        <ol>${steps.map((step) => this.renderStep(step, lanes, start))}</ol>
      </div>
      ${media.length === 0 ? nothing : html`<h2>${this.messages.course.media}</h2>${media.map((side) => mediaTable(side, start, this.messages.course))}`}`;
  }

  private renderStep(step: CallStep, lanes: readonly string[], start: number): TemplateResult {
    const { detail } = step;
    const row = this.renderRow(step, lanes, start);
    return detail === undefined
      ? html`<li><div class="row">${row}</div></li>`
      : html`<li><details><summary class="row" part="ladder-step">${row}</summary>
          <pre tabindex="0" role="region" aria-label=${step.label}>${readable(detail)}</pre></details></li>`;
  }

  private renderRow(step: CallStep, lanes: readonly string[], start: number): TemplateResult {
    const { start: first, end, direction } = spanOf(step, lanes);
    const who = direction === 'here' ? this.nameOf(step.from) : `${this.nameOf(step.from)} → ${this.nameOf(step.to)}`;
    return html`<time>${secondsSince(start, step.at)}</time>
      <div class="lanes"><span class="step ${direction}" .style=${`grid-column: ${first} / ${end}`}>
        <span class="unseen">${who}: </span><span class="words">${step.label}</span></span></div>`;
  }

  private nameOf(lane: string): string {
    return new Map<string, string>(Object.entries(this.messages.course.lanes)).get(lane) ?? lane;
  }

  static override styles = [
    theme,
    controls,
    mediaStyle,
    css`
      :host {
        display: block;
        min-block-size: 100dvh;
      }

      main {
        max-inline-size: 960px;
        margin-inline: auto;
        padding: 16px;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 8px;
      }

      h1 {
        margin: 24px 0 8px;
        font-size: 28px;
        line-height: 1.2;
      }

      p {
        margin: 4px 0;
      }

      .who {
        overflow-wrap: anywhere;
      }

      .soft,
      time {
        color: var(--_soft);
      }

      .cause,
      .fault {
        display: flex;
        gap: 12px;
        margin-block: 16px;
        padding: 12px 16px;
        border-radius: var(--_radius);
        background: var(--_tint);
      }

      .icon {
        flex: none;
      }

      .diagram {
        margin-block: 16px;
        padding: 8px 0;
        border-radius: var(--_radius);
        background: var(--_raised);
        box-shadow: var(--_shadow);
      }

      ol {
        margin: 0;
        padding: 0;
        list-style: none;
      }

      .row,
      .heads {
        display: grid;
        grid-template-columns: 64px minmax(0, 1fr);
        align-items: stretch;
        padding-inline: 8px;
      }

      .heads {
        position: sticky;
        inset-block-start: 0;
        z-index: 1;
        padding-block: 8px;
        background: inherit;
        border-block-end: 1px solid var(--_line);
        font-size: 14px;
        text-align: center;
      }

      .heads .lanes {
        grid-template-columns: repeat(var(--lanes), minmax(0, 1fr));
        background: none;
      }

      .row time {
        align-self: end;
        padding-block: 6px;
        font-size: 13px;
        font-variant-numeric: tabular-nums;
      }

      .lanes {
        display: grid;
        grid-template-columns: repeat(calc(2 * var(--lanes)), minmax(0, 1fr));
        background: linear-gradient(
            to right,
            transparent calc(50% - 0.5px),
            var(--_line) calc(50% - 0.5px) calc(50% + 0.5px),
            transparent calc(50% + 0.5px)
          )
          0 0 / calc(100% / var(--lanes)) 100% repeat-x;
      }

      .step {
        position: relative;
        padding: 8px 8px 6px;
        text-align: center;
        font-size: 14px;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }

      .words {
        border-radius: 4px;
        background: var(--_raised);
      }

      .here .words {
        padding: 2px 8px;
        border-radius: 12px;
        background: var(--_tint);
      }

      .left,
      .right {
        border-block-end: 2px solid var(--_accent-text);
      }

      .left::after,
      .right::after {
        content: '';
        position: absolute;
        inset-block-end: -6px;
        border: 5px solid transparent;
      }

      .right::after {
        right: 0;
        border-inline-start-color: var(--_accent-text);
        border-right: 0;
      }

      .left::after {
        left: 0;
        border-inline-end-color: var(--_accent-text);
        border-left: 0;
      }

      summary {
        min-block-size: 44px;
        list-style: none;
        cursor: pointer;
      }

      summary::-webkit-details-marker {
        display: none;
      }

      summary .words {
        text-decoration: underline dotted;
        text-underline-offset: 3px;
      }

      summary:hover,
      details[open] > summary {
        background: var(--_hush);
      }

      summary:focus-visible,
      pre:focus-visible {
        outline: 3px solid var(--_accent-text);
        outline-offset: -3px;
      }

      pre {
        margin: 0;
        padding: 12px 16px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        background: var(--_ground);
        font: 13px / 1.45 ui-monospace, monospace;
      }

      /* Four lanes leave no room for words between two of them: they may stand over their neighbours. */
      @media (width < 640px) {
        header .button {
          padding-inline: 12px;
        }

        .row,
        .heads {
          grid-template-columns: 48px minmax(0, 1fr);
        }

        .heads,
        .step {
          font-size: 13px;
        }

        .step {
          display: grid;
          grid-template-columns: minmax(0, 1fr);
          justify-items: center;
          padding-inline: 0;
          overflow-wrap: normal;
        }

        .words {
          inline-size: max-content;
          max-inline-size: 184px;
        }
      }

      .unseen {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
        white-space: nowrap;
      }
    `,
  ];
}

define('sylk-ladder', SylkLadder);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-ladder': SylkLadder;
  }
}
