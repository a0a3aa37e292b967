import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { OwnAddress } from '../store/snapshot.ts';
import { type IconName, icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

/** What is asked before it is done. */
type Doubt = 'forget' | 'sign-out';

/** The control that raises each. */
const openers: Record<Doubt, string> = { forget: 'forget-address', 'sign-out': 'sign-out' };

/** What may become of the own address: kept, signed out here, given back for good; and who may not call it. */
export class SylkAddressFate extends PhonePart {
  static override properties = {
    own: { attribute: false },
    blockedCount: { attribute: false },
    isUndisturbed: { attribute: false },
    isElsewhere: { attribute: false },
    offersNotices: { attribute: false },
    doubt: { state: true },
  };

  declare own: OwnAddress;
  declare blockedCount: number;
  declare isUndisturbed: boolean;
  /** The address is of another service: it cannot be given back here. */
  declare isElsewhere: boolean;
  /** True when the browser could tell about calls but has not been allowed to yet. */
  declare offersNotices: boolean;
  declare doubt: Doubt | undefined;

  constructor() {
    super();
    this.blockedCount = 0;
    this.isUndisturbed = false;
    this.isElsewhere = false;
    this.offersNotices = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('own') && changed.get('own')?.address !== this.own.address) this.doubt = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('doubt')) return;
    const before = changed.get('doubt');
    if (this.doubt !== undefined) this.querySelector<HTMLElement>('.question')?.focus();
    else if (before !== undefined) this.querySelector<HTMLElement>(`[part="${openers[before]}"]`)?.focus();
  }

  protected override render(): TemplateResult {
    return this.doubt === undefined ? this.renderChoices() : this.renderQuestion(this.doubt);
  }

  private renderChoices(): TemplateResult {
    const words = this.messages.address;
    const isTemporary = this.own.lifetime === 'temporary';
    return html`<div class="wrap fate">
      ${isTemporary ? this.renderChoice('keep-address', 'lock', words.keep, this.keep) : nothing}
      ${isTemporary ? nothing : this.renderChoice('sign-out', 'signOut', words.signOut, () => this.doubtIt('sign-out'))}
      ${this.isElsewhere ? nothing : this.renderChoice('forget-address', 'trash', isTemporary ? words.forget : words.remove, () => this.doubtIt('forget'))}
      ${this.renderChoice('undisturbed', this.isUndisturbed ? 'bell' : 'bellOff', this.isUndisturbed ? words.disturb : words.undisturbed, this.turnQuiet)}
      ${this.offersNotices ? this.renderChoice('notify', 'bell', words.tellMe, () => this.ask({ kind: 'notify' })) : nothing}
      ${
        this.blockedCount > 0
          ? this.renderChoice('open-blocked', 'block', words.blocked(this.blockedCount), () =>
              this.ask({ kind: 'open', sheet: 'blocked' }),
            )
          : nothing
      }
    </div>`;
  }

  private renderChoice(part: string, picture: IconName, word: string, press: () => void): TemplateResult {
    return html`<button type="button" class="button plain" part=${part} @click=${press}>${icon(picture)}${word}</button>`;
  }

  private renderQuestion(doubt: Doubt): TemplateResult {
    const words = this.messages.address;
    const { question, yes } = this.questionFor(doubt);
    return html`<div class="question" role="group" aria-labelledby="sylk-fate-question" tabindex="-1">
      <p id="sylk-fate-question">${question}</p>
      <div class="wrap">
        <button type="button" class="button ${doubt === 'forget' ? 'danger' : 'tonal'}" part="${doubt}-yes" @click=${this.confirm}>${yes}</button>
        <button type="button" class="button" part="${doubt}-no" @click=${() => {
          this.doubt = undefined;
        }}>${words.cancel}</button>
      </div>
    </div>`;
  }

  private questionFor(doubt: Doubt): { readonly question: string; readonly yes: string } {
    const words = this.messages.address;
    if (doubt === 'sign-out') return { question: words.signOutQuestion, yes: words.signOutYes };
    if (this.own.lifetime === 'temporary') return { question: words.forgetQuestion, yes: words.forgetYes };
    return { question: words.removeQuestion(this.own.address), yes: words.removeYes };
  }

  private doubtIt(doubt: Doubt): void {
    this.doubt = doubt;
  }

  private turnQuiet = (): void => {
    this.ask({ kind: 'undisturbed', isOn: !this.isUndisturbed });
  };

  private confirm = (): void => {
    const { doubt } = this;
    this.doubt = undefined;
    if (doubt !== undefined) this.ask({ kind: doubt });
  };

  /** The form for it takes the place of the whole address, so the element around draws it. */
  private keep = (): void => {
    this.dispatchEvent(new CustomEvent('sylk-keep-address'));
  };
}

define('sylk-address-fate', SylkAddressFate);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-address-fate': SylkAddressFate;
  }
}

export const addressFateStyle = css`
  sylk-address-fate {
    display: block;

    .fate {
      border-block-start: 1px solid var(--_line);
      padding-block-start: 8px;
      margin-inline: -12px;
    }

    .fate .button {
      text-align: start;
    }

    .question {
      display: grid;
      gap: 16px;
      padding: 16px;
      border-radius: var(--_radius);
      background: var(--_hush);
      outline: none;
      overflow-wrap: anywhere;
    }
  }
`;
