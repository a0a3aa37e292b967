import { css, html, nothing, type TemplateResult } from 'lit';
import { readTypedAddress } from './dial/typed-address.ts';
import { icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

/** Shortest password that the form lets through; the server checks again. */
const minPasswordChars = 8;

/** Names that the server gives: 3 to 32 letters and digits, with single dots, hyphens or underscores between them. */
const namePattern = /^(?=.{3,32}$)(?=.*[a-z])[a-z0-9]+(?:[._-][a-z0-9]+)*$/i;

/** Name and password: for a new permanent address, for keeping a temporary one, or for signing in. */
export class SylkAddressForm extends PhonePart {
  static override properties = {
    mode: { attribute: false },
    domain: { attribute: false },
    busy: { attribute: false },
    problem: { attribute: false },
    idPrefix: { attribute: false },
    fault: { state: true },
    isPasswordShown: { state: true },
  };

  declare mode: 'create' | 'keep' | 'sign-in';
  declare domain: string | undefined;
  declare busy: boolean;
  /** What the server said about the last try. */
  declare problem: string | undefined;
  /** Keeps ids apart when two forms are in the tree. */
  declare idPrefix: string;
  declare fault: { readonly field: 'name' | 'password'; readonly sentence: string } | undefined;
  declare isPasswordShown: boolean;

  constructor() {
    super();
    this.mode = 'create';
    this.busy = false;
    this.idPrefix = '';
    this.isPasswordShown = false;
  }

  protected override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  protected override render(): TemplateResult {
    const words = this.messages.address;
    const [title, why] = {
      create: [words.chooseTitle, undefined],
      keep: [words.keepTitle, words.keepWhy],
      'sign-in': [words.signInTitle, words.signInWhy],
    }[this.mode];
    return html`
      <form novalidate part="address-form" @submit=${this.submit}>
        <h2>${title}</h2>
        ${why === undefined ? nothing : html`<p class="soft">${why}</p>`}
        ${this.renderName()} ${this.renderPassword()}
        <div aria-live="polite">${
          this.problem === undefined || this.busy
            ? nothing
            : html`
          <p class="fault">${icon('info')}<span>${this.problem}</span></p>`
        }</div>
        <div class="wrap">
          <button type="submit" class="button primary" part="address-submit" ?disabled=${this.busy}>
            ${this.mode === 'sign-in' ? words.signIn : words.create}</button>
          <button type="button" class="button plain" part="address-cancel" @click=${this.cancel}>${words.cancel}</button>
        </div>
      </form>
    `;
  }

  private renderName(): TemplateResult {
    const words = this.messages.address;
    const isAddress = this.mode === 'sign-in';
    const hint = isAddress || this.domain === undefined ? undefined : words.nameHint(this.domain);
    return this.renderInput(
      'name',
      isAddress ? words.fullAddress : words.name,
      hint,
      html`
      <input class="field" id="${this.idPrefix}name" part="name-field" name="name" type="text" dir="ltr" maxlength="256"
        autocomplete="username" autocapitalize="none" spellcheck="false" required
        aria-invalid=${this.fault?.field === 'name'} aria-describedby="${this.idPrefix}name-hint" @input=${this.forgive} />`,
    );
  }

  private renderPassword(): TemplateResult {
    const words = this.messages.address;
    const isNew = this.mode !== 'sign-in';
    return this.renderInput(
      'password',
      words.password,
      isNew ? words.passwordHint : undefined,
      html`
      <div class="secret">
        <input class="field" id="${this.idPrefix}password" part="password-field" name="password" dir="ltr" maxlength="256" required
          type=${this.isPasswordShown ? 'text' : 'password'} autocomplete=${isNew ? 'new-password' : 'current-password'}
          aria-invalid=${this.fault?.field === 'password'} aria-describedby="${this.idPrefix}password-hint" @input=${this.forgive} />
        <button type="button" class="icon-button" part="show-password" aria-label=${words.showPassword} title=${words.showPassword}
          aria-pressed=${this.isPasswordShown} @click=${() => {
            this.isPasswordShown = !this.isPasswordShown;
          }}>${icon('eye')}</button>
      </div>`,
    );
  }

  private renderInput(
    field: 'name' | 'password',
    label: string,
    hint: string | undefined,
    input: TemplateResult,
  ): TemplateResult {
    const fault = this.fault?.field === field ? this.fault.sentence : undefined;
    return html`<div>
      <label class="label" for="${this.idPrefix}${field}">${label}</label>
      ${input}
      <p class="note ${fault === undefined ? 'soft' : 'wrong'}" id="${this.idPrefix}${field}-hint" aria-live="polite">${fault ?? hint ?? nothing}</p>
    </div>`;
  }

  private forgive = (): void => {
    this.fault = undefined;
  };

  private cancel = (): void => {
    this.dispatchEvent(new Event('sylk-form-cancel', { bubbles: true }));
  };

  private submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = this.textOf('name').trim();
    const password = this.textOf('password');
    this.fault = this.check(name, password);
    if (this.fault !== undefined) return this.querySelector<HTMLElement>(`[name=${this.fault.field}]`)?.focus();
    if (this.mode === 'create') this.ask({ kind: 'address', wish: { lifetime: 'permanent', name, password } });
    else this.ask({ kind: this.mode, name, password });
  };

  private textOf(field: 'name' | 'password'): string {
    return this.querySelector<HTMLInputElement>(`input[name=${field}]`)?.value ?? '';
  }

  private check(name: string, password: string): SylkAddressForm['fault'] {
    const words = this.messages.address;
    if (this.mode === 'sign-in') {
      const isAddress = readTypedAddress(name, this.domain).kind === 'address';
      return isAddress ? undefined : { field: 'name', sentence: words.needAddress };
    }
    if (!namePattern.test(name)) return { field: 'name', sentence: words.needName };
    if (password.length < minPasswordChars) return { field: 'password', sentence: words.needPassword };
    return undefined;
  }
}

define('sylk-address-form', SylkAddressForm);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-address-form': SylkAddressForm;
  }
}

export const addressFormStyle = css`
  sylk-address-form {
    display: block;

    form {
      display: grid;
      gap: 16px;
    }

    h2 {
      font-size: 20px;
    }

    .note {
      margin-block-start: 4px;
      font-size: 14px;
    }

    .note:empty {
      display: none;
    }

    .wrong {
      color: var(--_danger-text);
    }

    .secret {
      position: relative;
    }

    .secret .field {
      padding-inline-end: 52px;
    }

    .secret .icon-button {
      position: absolute;
      inset-block-start: 2px;
      inset-inline-end: 2px;
    }

    .secret .icon-button[aria-pressed='true'] {
      color: var(--_accent-text);
    }
  }
`;
