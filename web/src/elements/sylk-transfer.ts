import { css, html, nothing, type TemplateResult } from 'lit';
import type { CallView, Recent } from '../store/snapshot.ts';
import { type AddressFault, faultOf, readTypedAddress } from './dial/typed-address.ts';
import { icon } from './look/icons.ts';
import { nameOf, plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** How many people called lately are offered. */
const mostSuggested = 3;

/** Whom to hand the far side of a call on to: somebody in another running call, or an address. */
export class SylkTransfer extends PhonePart {
  static override properties = {
    call: { attribute: false },
    others: { attribute: false },
    recents: { attribute: false },
    ownDomain: { attribute: false },
    fault: { state: true },
  };

  declare call: CallView | undefined;
  /** Calls that run behind this one. */
  declare others: readonly CallView[];
  declare recents: readonly Recent[];
  declare ownDomain: string | undefined;
  declare fault: AddressFault | undefined;

  constructor() {
    super();
    this.others = [];
    this.recents = [];
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call } = this;
    if (call === undefined) return nothing;
    const words = this.messages.transfer;
    return html`
      <p class="soft">${words.why(nameOf(call.peer))}</p>
      ${this.renderRunning(call)}
      <form novalidate @submit=${this.submit}>
        <label class="label" for="sylk-transfer-to">${words.to}</label>
        <input id="sylk-transfer-to" part="transfer-field" class="field" type="text" inputmode="email" dir="ltr" autocomplete="off"
          autocapitalize="none" spellcheck="false" enterkeyhint="go" maxlength="256" placeholder=${this.messages.dial.placeholder}
          aria-invalid=${this.fault !== undefined} aria-describedby="sylk-transfer-fault" @input=${this.type} />
        <div id="sylk-transfer-fault" aria-live="polite">${
          this.fault === undefined
            ? nothing
            : html`<p class="fault" part="fault">${icon('info')}<span>${this.messages.dial.fault[this.fault]}</span></p>`
        }</div>
        ${this.renderPeople(call)}
        <button type="submit" class="button primary" part="transfer-hand">${icon('transfer')}${words.hand}</button>
      </form>
    `;
  }

  private renderRunning(call: CallView): TemplateResult | typeof nothing {
    const answered = this.others.filter(({ phase }) => phase === 'established');
    if (answered.length === 0) return nothing;
    const words = this.messages.transfer;
    return html`<div class="people" role="group" aria-label=${words.running}>
      ${answered.map(
        (other) => html`<button type="button" class="button tonal" part="transfer-connect"
          @click=${() => this.hand(call, { call: other.id })}>${icon('transfer')}${words.connect(nameOf(other.peer))}</button>`,
      )}
    </div>`;
  }

  /** People called lately, who fill the field. */
  private renderPeople(call: CallView): TemplateResult | typeof nothing {
    const others = this.recents.filter(({ uri }) => uri !== call.peer.uri);
    const people = [...new Map(others.map((recent) => [recent.uri, recent])).values()].slice(0, mostSuggested);
    if (people.length === 0) return nothing;
    return html`<div class="people wrap">
      ${people.map(
        (
          person,
        ) => html`<button type="button" class="button plain ellipsis" part="transfer-person" title=${plainAddress(person.uri)}
          @click=${() => this.fill(person.uri)}>${nameOf(person)}</button>`,
      )}
    </div>`;
  }

  private get field(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  private fill(uri: string): void {
    this.fault = undefined;
    if (this.field === null) return;
    this.field.value = uri;
    this.field.focus();
  }

  private type = (): void => {
    this.fault = undefined;
  };

  private submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = readTypedAddress(this.field?.value ?? '', this.ownDomain);
    this.fault = faultOf(typed);
    if (typed.kind === 'address' && this.call !== undefined) this.hand(this.call, { uri: typed.uri });
    else this.field?.focus();
  };

  private hand(call: CallView, to: { readonly uri: string } | { readonly call: string }): void {
    this.ask({ kind: 'transfer', call: call.id, to });
    this.ask({ kind: 'close' });
  }
}

define('sylk-transfer', SylkTransfer);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-transfer': SylkTransfer;
  }
}

export const transferStyle = css`
  sylk-transfer {
    display: grid;
    gap: 16px;

    form,
    .people {
      display: grid;
      gap: 8px;
    }

    .people.wrap {
      display: flex;
    }

    .people.wrap .button {
      max-inline-size: 100%;
    }
  }
`;
