import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Notice } from '../store/snapshot.ts';
import { type IconName, icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

const pictures: Record<Notice['kind'], IconName> = { info: 'info', warning: 'warning', missed: 'missed' };

/** Notices that wait to be read: missed calls with the way to call back, and small news. */
export class SylkNotices extends PhonePart {
  static override properties = { notices: { attribute: false } };

  declare notices: readonly Notice[];

  constructor() {
    super();
    this.notices = [];
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.notices.length === 0) return nothing;
    return html`<ul aria-label=${this.messages.notices.title} part="notices">
      ${repeat(
        this.notices,
        ({ id }) => id,
        (notice) => this.renderNotice(notice),
      )}
    </ul>`;
  }

  private renderNotice(notice: Notice): TemplateResult {
    const words = this.messages.notices;
    return html`<li class="notice ${notice.kind}" part="notice">
      <span class="sign">${icon(pictures[notice.kind])}</span>
      <p>${notice.sentence}</p>
      <span class="row">
        ${
          notice.uri === undefined
            ? nothing
            : html`<button type="button" class="button tonal" part="call-back"
          @click=${() => this.callBack(notice)}>${words.callBack}</button>`
        }
        ${
          notice.unblock === undefined
            ? nothing
            : html`<button type="button" class="button tonal" part="undo-block"
          @click=${() => this.unblock(notice)}>${words.undo}</button>`
        }
        <button type="button" class="icon-button" part="dismiss" aria-label="${words.dismiss}: ${notice.sentence}" title=${words.dismiss}
          @click=${() => this.ask({ kind: 'dismiss-notice', id: notice.id })}>${icon('close')}</button>
      </span>
    </li>`;
  }

  private unblock({ unblock: uri }: Notice): void {
    if (uri !== undefined) this.ask({ kind: 'unblock', uri });
  }

  private callBack(notice: Notice): void {
    if (notice.uri === undefined) return;
    this.ask({ kind: 'dismiss-notice', id: notice.id });
    this.ask({ kind: 'call', uri: notice.uri, audio: true, video: false });
  }
}

define('sylk-notices', SylkNotices);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-notices': SylkNotices;
  }
}

export const noticesStyle = css`
  sylk-notices {
    display: block;

    ul {
      display: grid;
      gap: 8px;
    }

    .notice {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 12px;
      padding: 8px 8px 8px 16px;
      padding-inline: 16px 8px;
      border-radius: var(--_radius);
      background: var(--_raised);
      box-shadow: var(--_shadow);
      animation: drop var(--_quick);
    }

    .notice p {
      flex: 1 1 140px;
      font-weight: 600;
      overflow-wrap: anywhere;
    }

    .notice .row {
      margin-inline-start: auto;
    }

    .missed .sign {
      color: var(--_danger-text);
    }

    .warning .sign {
      color: var(--_warning-text);
    }

    .sign {
      display: grid;
    }
  }
`;
