import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { BlockedPerson } from '../store/snapshot.ts';
import { avatar } from './people/avatar.ts';
import { hasOwnName, nameOf, plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** Who may not call here, and the way to allow them again. */
export class SylkBlocked extends PhonePart {
  static override properties = { blocked: { attribute: false } };

  declare blocked: readonly BlockedPerson[];
  #pressed: number | undefined;

  constructor() {
    super();
    this.blocked = [];
  }

  /** The one that was allowed is gone from the list, and its button with it: the next one takes the focus. */
  protected override updated(): void {
    if (this.#pressed === undefined) return;
    const buttons = [...this.querySelectorAll<HTMLElement>('button')];
    const next = buttons[Math.min(this.#pressed, buttons.length - 1)];
    this.#pressed = undefined;
    (next ?? this.closest<HTMLElement>('.panel'))?.focus();
  }

  protected override render(): TemplateResult {
    const words = this.messages.blocked;
    if (this.blocked.length === 0) return html`<p class="soft" role="status">${words.empty}</p>`;
    return html`<p class="soft">${words.why}</p>
      <ul part="blocked">${repeat(
        this.blocked,
        ({ uri }) => uri,
        (person) => this.renderPerson(person),
      )}</ul>`;
  }

  private renderPerson(person: BlockedPerson): TemplateResult {
    const words = this.messages.blocked;
    const name = nameOf(person);
    return html`<li>
      ${avatar(person)}
      <span class="lines">
        <span class="strong ellipsis" dir="auto">${name}</span>
        ${hasOwnName(person) ? html`<span class="small soft ellipsis" dir="ltr">${plainAddress(person.uri)}</span>` : nothing}
      </span>
      <button type="button" class="button tonal" part="unblock" aria-label=${words.allowName(name)} title=${words.allowName(name)}
        @click=${() => this.allow(person)}>${words.allow}</button>
    </li>`;
  }

  private allow(person: BlockedPerson): void {
    this.#pressed = this.blocked.indexOf(person);
    this.ask({ kind: 'unblock', uri: person.uri });
  }
}

define('sylk-blocked', SylkBlocked);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-blocked': SylkBlocked;
  }
}

export const blockedStyle = css`
  sylk-blocked {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;

    li {
      display: flex;
      align-items: center;
      gap: 16px;
      min-block-size: 64px;
    }

    li + li {
      border-block-start: 1px solid var(--_line);
    }

    .lines {
      display: grid;
      flex: 1;
      min-inline-size: 0;
      line-height: 1.35;
    }

    .strong {
      font-weight: 600;
    }
  }

  @container phone (max-width: 359px) {
    sylk-blocked .avatar {
      display: none;
    }
  }
`;
