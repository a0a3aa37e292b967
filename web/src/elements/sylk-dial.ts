import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type AddressFault, faultOf, readTypedAddress, type TypedAddress } from './dial/typed-address.ts';
import { icon } from './look/icons.ts';
import { plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** The address field and the buttons that call what is in it. */
export class SylkDial extends PhonePart {
  static override properties = {
    text: { attribute: false },
    ownDomain: { attribute: false },
    offersAudio: { attribute: false },
    offersVideo: { attribute: false },
    offersEcho: { attribute: false },
    problem: { attribute: false },
    asked: { state: true },
  };

  declare text: string;
  declare ownDomain: string | undefined;
  declare offersAudio: boolean;
  declare offersVideo: boolean;
  /** True for a newcomer, who may not know anybody to call yet. */
  declare offersEcho: boolean;
  /** Why the last call could not even start; goes away with the next key. */
  declare problem: string | undefined;
  /** Whether the person asked for the call with this text, so that an unfinished address is a fault. */
  declare asked: boolean;

  constructor() {
    super();
    this.text = '';
    this.offersAudio = true;
    this.offersVideo = true;
    this.offersEcho = false;
    this.asked = false;
  }

  /** Puts the cursor into the field, behind what is in it. */
  focusField(): void {
    this.field?.focus();
  }

  private get field(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('text')) this.asked = false;
  }

  protected override render(): TemplateResult {
    const typed = readTypedAddress(this.text, this.ownDomain);
    const fault = this.visibleFault(typed);
    return html`
      <form part="dial" novalidate @submit=${this.submit}>
        <h2><label for="sylk-address">${this.messages.dial.question}</label></h2>
        ${this.renderField(fault !== undefined || this.problem !== undefined)}
        <div class="hint" id="sylk-address-hint" aria-live="polite">${this.renderHint(typed, fault)}</div>
        <div class="calls">${this.renderButtons()}</div>
        ${this.offersEcho && this.ownDomain !== undefined ? this.renderEcho(this.ownDomain) : nothing}
      </form>
    `;
  }

  /** A wrong form shows once the half before the @ is done, or when the call was asked for. */
  private visibleFault(typed: TypedAddress): AddressFault | undefined {
    if (this.asked) return faultOf(typed);
    return typed.kind === 'wrong' && this.text.includes('@') ? typed.fault : undefined;
  }

  private renderField(isWrong: boolean): TemplateResult {
    const words = this.messages.dial;
    return html`
      <div class="box">
        <input id="sylk-address" part="address-field" class="field" type="text" inputmode="email" dir="ltr"
          autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="go" maxlength="256"
          placeholder=${words.placeholder} aria-describedby="sylk-address-hint" aria-invalid=${isWrong}
          .value=${this.text} @input=${this.type} @keydown=${this.leaveDownwards} />
        ${
          this.text === ''
            ? nothing
            : html`
          <button type="button" class="icon-button clear" part="clear" aria-label=${words.clear} title=${words.clear}
            @click=${this.clear}>${icon('close')}</button>`
        }
      </div>`;
  }

  private renderHint(typed: TypedAddress, fault: AddressFault | undefined): TemplateResult | typeof nothing {
    const words = this.messages.dial;
    const sentence = fault === undefined ? this.problem : words.fault[fault];
    if (sentence !== undefined) return html`<p class="fault" part="fault">${icon('info')}<span>${sentence}</span></p>`;
    if (typed.kind !== 'address') return nothing;
    const address = plainAddress(typed.uri);
    const isCompleted = address.toLowerCase() !== this.text.trim().toLowerCase();
    return html`<p class="route">
      <span class="chip" part="network">${words[typed.network]}</span>
      ${isCompleted ? html`<span class="small soft ellipsis">${words.willCall(address)}</span>` : nothing}
    </p>`;
  }

  private renderButtons(): TemplateResult {
    const words = this.messages.dial;
    const audio = html`<button type="submit" class="button primary" part="call-audio" name="audio">
      ${icon('phone')}${words.audio}</button>`;
    const video = html`<button type="submit" class="button ${this.offersAudio ? 'tonal' : 'primary'}" part="call-video" name="video">
      ${icon('video')}${words.video}</button>`;
    const write = html`<button type="button" class="button tonal write" part="write-message"
      aria-label=${this.messages.chat.write} title=${this.messages.chat.write} @click=${this.write}>${icon('chat')}</button>`;
    return html`${this.offersAudio ? audio : nothing}${this.offersVideo ? video : nothing}${write}`;
  }

  private renderEcho(domain: string): TemplateResult {
    const words = this.messages.dial;
    return html`<button type="button" class="button plain echo" part="call-echo" title=${words.echoHint}
      @click=${() => this.call(`echo@${domain}`, false)}>${icon('speaker')}${words.echo}</button>`;
  }

  private type = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.ask({ kind: 'typed', text: event.target.value });
  };

  private clear = (): void => {
    this.ask({ kind: 'typed', text: '' });
    this.focusField();
  };

  /** Down goes from the field to the first of the people below it, as in a list of suggestions. */
  private leaveDownwards = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown') return;
    const next = this.parentElement?.querySelector('sylk-recents button');
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  };

  private submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const typed = readTypedAddress(this.text, this.ownDomain);
    if (typed.kind === 'address') return this.call(typed.uri, event.submitter?.getAttribute('name') === 'video');
    this.asked = true;
    this.focusField();
  };

  private write = (): void => {
    const typed = readTypedAddress(this.text, this.ownDomain);
    if (typed.kind === 'address') return this.ask({ kind: 'write-to', uri: typed.uri });
    // Whom to write to is chosen among the conversations.
    if (this.text.trim() === '') return this.ask({ kind: 'open-chat' });
    this.asked = true;
    this.focusField();
  };

  private call(uri: string, video: boolean): void {
    this.ask({ kind: 'call', uri, audio: true, video });
  }
}

define('sylk-dial', SylkDial);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-dial': SylkDial;
  }
}

export const dialStyle = css`
  sylk-dial {
    display: block;

    h2 {
      font-size: 28px;
      margin-block-end: 16px;
    }

    .box {
      position: relative;
    }

    .field {
      min-block-size: 64px;
      padding-inline: 20px 56px;
      font-size: 20px;
      border-radius: calc(var(--_radius) + 4px);
      box-shadow: var(--_shadow);
    }

    .clear {
      position: absolute;
      inset-block-start: 10px;
      inset-inline-end: 8px;
    }

    .hint {
      min-block-size: 40px;
      padding-block: 8px;
    }

    .route {
      display: flex;
      align-items: center;
      gap: 8px;
      min-inline-size: 0;
    }

    .chip {
      flex: none;
      padding: 1px 10px;
      border-radius: 999px;
      font-size: 14px;
      font-weight: 600;
      background: var(--_tint);
      color: var(--_accent-text);
    }

    .calls {
      display: flex;
      gap: 8px;
    }

    .calls .button {
      flex: 1;
    }

    .calls .write {
      flex: 0 0 56px;
    }

    .calls .button {
      overflow-wrap: anywhere;
      min-block-size: 56px;
      padding-inline: 8px;
    }

    .echo {
      inline-size: 100%;
      margin-block-start: 8px;
    }
  }

  @container phone (max-width: 359px) {
    sylk-dial h2 {
      font-size: 20px;
    }

    sylk-dial .field {
      min-block-size: 56px;
      padding-inline-start: 16px;
      font-size: 16px;
    }

    sylk-dial .clear {
      inset-block-start: 6px;
    }

    sylk-dial .hint {
      min-block-size: 32px;
      padding-block: 4px;
    }

    sylk-dial .calls .button {
      gap: 4px;
    }
  }
`;
