import { css, html, nothing, type TemplateResult } from 'lit';
import type { PlaceProblem } from '../store/snapshot.ts';
import { type IconName, icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

const pictures: Record<PlaceProblem, IconName> = {
  insecure: 'lock',
  unsupported: 'warning',
  'no-microphone': 'micOff',
  offline: 'offline',
  'server-gone': 'server',
};

/** What is wrong with the place and the one thing to do about it. Large where nothing else works, else a card. */
export class SylkPlace extends PhonePart {
  static override properties = { problem: { attribute: false }, secureUrl: { attribute: false } };

  declare problem: PlaceProblem;
  /** The same page over https; undefined where nothing serves it. */
  declare secureUrl: string | undefined;

  protected override render(): TemplateResult {
    const isWhole = this.problem === 'insecure' || this.problem === 'unsupported';
    const words = this.messages.place[this.problem];
    return html`<section class="place ${isWhole ? 'whole' : 'card'}" part="place">
      <span class="sign">${icon(pictures[this.problem])}</span>
      <div class="text">
        ${isWhole ? html`<h1 tabindex="-1">${words.title}</h1>` : html`<h2>${words.title}</h2>`}
        <p class="soft">${words.text}</p>
      </div>
      ${this.renderAction()}
    </section>`;
  }

  private renderAction(): TemplateResult | typeof nothing {
    const { problem } = this;
    if (problem === 'unsupported') return nothing;
    if (problem === 'insecure') return this.renderSecureLink();
    return html`<button type="button" class="button" part="place-action" @click=${() => this.ask({ kind: 'retry' })}>
      ${icon('refresh')}${this.messages.place[problem].action}</button>`;
  }

  private renderSecureLink(): TemplateResult | typeof nothing {
    if (this.secureUrl === undefined) return nothing;
    const words = this.messages.place.insecure;
    return html`<a class="button primary" part="place-action" href=${this.secureUrl}>${icon('lock')}${words.action}</a>
      <p class="small soft">${words.hint}</p>`;
  }
}

define('sylk-place', SylkPlace);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-place': SylkPlace;
  }
}

export const placeStyle = css`
  .place {
    .sign {
      display: grid;
      place-items: center;
      flex: none;
      inline-size: 48px;
      block-size: 48px;
      border-radius: 50%;
      background: var(--_warning-tint);
      color: var(--_warning-text);
    }
  }

  sylk-place:has(.whole) {
    display: grid;
    flex: 1;
  }

  .place.whole {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 24px;
    max-inline-size: 440px;
    margin-inline: auto;
    padding: 24px 16px 48px;
    text-align: center;

    .sign {
      inline-size: 72px;
      block-size: 72px;
    }

    .sign .icon {
      inline-size: 32px;
      block-size: 32px;
    }

    h1 {
      font-size: 28px;
      margin-block-end: 8px;
      outline: none;
    }
  }

  .place.card {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 16px;
    padding: 16px;

    .text {
      flex: 1 1 160px;
    }

    h2 {
      font-size: 16px;
    }

    p {
      font-size: 14px;
    }
  }
`;
