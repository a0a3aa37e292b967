import { css, html, nothing, type TemplateResult } from 'lit';
import type { CallView } from '../store/snapshot.ts';
import { icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { hasOwnName, nameOf, plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** A sheet with the call that rings. It takes no focus from somebody who types; the rest of the phone stays usable. */
export class SylkIncoming extends PhonePart {
  static override properties = { call: { attribute: false }, isSecond: { attribute: false } };

  declare call: CallView;
  /** True while another call runs, which then goes on hold when this one is answered. */
  declare isSecond: boolean;

  constructor() {
    super();
    this.isSecond = false;
  }

  /** Puts the focus on the sheet itself, so that Tab reaches its buttons and no key answers by accident. */
  focusSheet(): void {
    this.querySelector<HTMLElement>('.panel')?.focus();
  }

  protected override render(): TemplateResult {
    const { call } = this;
    const words = this.messages.incoming;
    return html`${this.isSecond ? nothing : html`<div class="shade"></div>`}
      <div class="panel ${this.isSecond ? 'second' : ''}" part="incoming" role="dialog" aria-labelledby="sylk-incoming-who" tabindex="-1">
      <div class="caller">
        ${avatar(call.peer, this.isSecond ? 'small' : 'big')}
        <div class="names">
          <p class="kind">${icon(call.offersVideo ? 'video' : 'phone')}${this.isSecond ? words.second : call.offersVideo ? words.video : words.audio}</p>
          <h2 id="sylk-incoming-who" class=${hasOwnName(call.peer) ? '' : 'address'}>${nameOf(call.peer)}</h2>
          ${hasOwnName(call.peer) ? html`<p class="address soft" dir="ltr">${plainAddress(call.peer.uri)}</p>` : nothing}
          ${this.renderVerified(call.peer.isVerified)}
        </div>
      </div>
      <div class="controls">
        ${this.renderControl('decline', 'hangup', words.decline, () => this.ask({ kind: 'decline', call: call.id }))}
        ${call.offersVideo ? this.renderControl('answer-video', 'video', words.answerVideo, () => this.answer(true)) : nothing}
        ${this.renderControl('answer', 'phone', this.isSecond ? words.holdAndAnswer : words.answer, () => this.answer(false))}
      </div>
      <button type="button" class="button plain block" part="block" title=${words.blockHint}
        @click=${() => this.ask({ kind: 'block', call: call.id })}>${icon('block')}${words.block}</button>
    </div>`;
  }

  private renderVerified(isVerified: boolean | undefined): TemplateResult | typeof nothing {
    if (isVerified === undefined) return nothing;
    const words = this.messages.incoming;
    return html`<p class="small soft proof">${icon(isVerified ? 'check' : 'info')}${isVerified ? words.verified : words.unverified}</p>`;
  }

  private renderControl(
    part: string,
    picture: 'hangup' | 'video' | 'phone',
    word: string,
    press: () => void,
  ): TemplateResult {
    return html`<button type="button" class="control ${part === 'decline' ? 'decline' : 'answer'}" part=${part} @click=${press}>
      <span class="disc">${icon(picture)}</span><span class="word">${word}</span></button>`;
  }

  private answer(video: boolean): void {
    this.ask({ kind: 'answer', call: this.call.id, video });
  }
}

define('sylk-incoming', SylkIncoming);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-incoming': SylkIncoming;
  }
}

export const incomingStyle = css`
  sylk-incoming {
    position: absolute;
    inset: 0;
    z-index: 6;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    place-items: end center;
    pointer-events: none;

    .panel {
      position: relative;
      pointer-events: auto;
      display: grid;
      gap: 32px;
      inline-size: 100%;
      max-block-size: 100%;
      overflow: auto;
      padding: 32px 16px 24px;
      border-start-start-radius: 28px;
      border-start-end-radius: 28px;
      background: var(--_raised);
      box-shadow: var(--_shadow-high), 0 -8px 60px rgb(12 16 28 / 18%);
      outline: none;
      animation: rise var(--_quick);
    }

    /* Darkens what is behind without taking it away: the pointer goes through. */
    .shade {
      position: absolute;
      inset: 0;
      background: rgb(8 11 20 / 32%);
    }

    .caller {
      display: grid;
      justify-items: center;
      gap: 16px;
      text-align: center;
      min-inline-size: 0;
    }

    .names {
      display: grid;
      gap: 4px;
      min-inline-size: 0;
    }

    .kind,
    .proof {
      display: inline-flex;
      align-items: center;
      justify-content: center;
      gap: 8px;
    }

    .kind {
      color: var(--_accent-text);
      font-size: 14px;
      font-weight: 600;
    }

    .kind .icon,
    .proof .icon {
      inline-size: 20px;
      block-size: 20px;
    }

    h2 {
      font-size: 28px;
      overflow-wrap: anywhere;
    }

    h2.address {
      font-size: 20px;
    }

    .controls {
      justify-content: space-evenly;
      inline-size: 100%;
      max-inline-size: 400px;
    }

    /* Far from the answer, and quiet: nobody should press it by mistake. */
    .panel .block {
      justify-self: center;
      margin-block: -8px;
      color: var(--_soft);
      font-size: 14px;
    }

    .second {
      gap: 16px;
      padding-block: 16px;
    }

    .second .caller {
      display: flex;
      text-align: start;
    }

    .second :is(.kind, .proof) {
      justify-content: flex-start;
    }

    .second h2 {
      font-size: 20px;
    }
  }

  @container phone (min-width: 600px) {
    sylk-incoming {
      place-items: start center;
      padding-block-start: 24px;
    }

    sylk-incoming .panel {
      inline-size: 440px;
      border-radius: 24px;
      animation-name: drop;
    }
  }

  @container phone (max-height: 519px) {
    sylk-incoming .panel {
      gap: 16px;
      padding-block: 16px;
    }

    sylk-incoming .avatar.big {
      inline-size: 64px;
      block-size: 64px;
      font-size: 20px;
    }

    sylk-incoming h2 {
      font-size: 20px;
    }
  }
`;
