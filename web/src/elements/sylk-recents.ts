import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Recent } from '../store/snapshot.ts';
import { type IconName, icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { nameOf, plainAddress } from './people/person.ts';
import { clock, whenWas } from './people/times.ts';
import { define, PhonePart } from './phone-part.ts';

/** The people called lately, narrowed to those that match what is being typed. */
export class SylkRecents extends PhonePart {
  static override properties = { recents: { attribute: false }, filter: { attribute: false } };

  declare recents: readonly Recent[];
  declare filter: string;

  constructor() {
    super();
    this.recents = [];
    this.filter = '';
  }

  protected override render(): TemplateResult | typeof nothing {
    const words = this.messages.recents;
    const shown = matching(this.recents, this.filter);
    if (shown.length === 0) return nothing;
    return html`
      <h2 id="sylk-recents-title">${this.filter.trim() === '' ? words.title : words.matching}</h2>
      <ul part="recents" aria-labelledby="sylk-recents-title" @keydown=${this.walk}>
        ${repeat(
          shown,
          (recent) => `${recent.at} ${recent.uri}`,
          (recent) => this.renderRow(recent),
        )}
      </ul>
    `;
  }

  private renderRow(recent: Recent): TemplateResult {
    const words = this.messages.recents;
    const name = nameOf(recent);
    return html`
      <li part="recent">
        <button type="button" class="pick" part="recent-pick" @click=${() => this.ask({ kind: 'pick', uri: plainAddress(recent.uri) })}>
          ${avatar(recent)}
          <span class="lines">
            <span class="name ellipsis ${recent.direction}" dir="auto">${name}</span>
            <span class="meta">${icon(recent.direction)}<span class="unseen">${words[recent.direction]}</span>
              <span class="ellipsis">${this.describe(recent).map((part, index) => html`${index === 0 ? nothing : ' · '}<bdi>${part}</bdi>`)}</span></span>
          </span>
        </button>
        ${this.renderCall(recent, 'phone', false, words.callAudio(name))}
        ${this.renderCall(recent, 'video', true, words.callVideo(name))}
      </li>
    `;
  }

  private renderCall(recent: Recent, picture: IconName, video: boolean, name: string): TemplateResult {
    const isUsual = recent.withVideo === video;
    return html`<button type="button" class="icon-button ${isUsual ? 'usual' : 'other'}" part="recent-call"
      aria-label=${name} title=${name}
      @click=${() => this.ask({ kind: 'call', uri: recent.uri, audio: true, video })}>${icon(picture)}</button>`;
  }

  private describe(recent: Recent): readonly string[] {
    const { locale, recents } = this.messages;
    const parts = [whenWas(recent.at, Date.now(), locale)];
    if (recent.direction === 'missed') parts.unshift(recents.missed);
    else if (recent.durationMs > 0) parts.push(clock(recent.durationMs));
    return parts;
  }

  /** Up and down walk through the rows; up from the first one goes back to the field. */
  private walk = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const rows = [...this.querySelectorAll<HTMLElement>('.pick')];
    const here = rows.findIndex((row) =>
      row.parentElement?.contains(event.target instanceof Node ? event.target : null),
    );
    const next = rows[here + (event.key === 'ArrowDown' ? 1 : -1)];
    event.preventDefault();
    if (next !== undefined) return next.focus();
    if (event.key === 'ArrowUp') this.parentElement?.querySelector<HTMLElement>('sylk-dial input')?.focus();
  };
}

/** Recents whose name or address contains the text; with an empty text all. */
function matching(recents: readonly Recent[], text: string): readonly Recent[] {
  const wanted = plainAddress(text.trim().toLowerCase());
  if (wanted === '') return recents;
  return recents.filter(({ uri, displayName }) => `${displayName} ${uri}`.toLowerCase().includes(wanted));
}

define('sylk-recents', SylkRecents);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-recents': SylkRecents;
  }
}

export const recentsStyle = css`
  sylk-recents {
    display: block;

    h2 {
      font-size: 20px;
      margin-block-end: 8px;
    }

    li {
      display: flex;
      align-items: center;
      border-radius: var(--_radius);
      margin-inline: -8px;
    }

    li {
      position: relative;
    }

    /* The line starts where the names do. */
    li + li::before {
      content: '';
      position: absolute;
      inset-block-start: 0;
      inset-inline: 64px 8px;
      border-block-start: 1px solid var(--_line);
    }

    .pick {
      display: flex;
      align-items: center;
      gap: 16px;
      flex: 1;
      min-inline-size: 0;
      min-block-size: 64px;
      padding: 8px;
      border-radius: var(--_radius);
      transition: background var(--_quick);
    }

    .pick:hover {
      background: var(--_hush);
    }

    .lines {
      display: grid;
      min-inline-size: 0;
      line-height: 1.35;
    }

    .name {
      font-weight: 600;
    }

    .name.missed {
      color: var(--_danger-text);
    }

    .meta {
      display: flex;
      align-items: center;
      gap: 4px;
      min-inline-size: 0;
      font-size: 14px;
      color: var(--_soft);
    }

    .meta .icon {
      inline-size: 16px;
      block-size: 16px;
    }

    .usual {
      color: var(--_accent-text);
    }
  }

  @container phone (max-width: 479px) {
    sylk-recents .other {
      display: none;
    }
  }
`;
