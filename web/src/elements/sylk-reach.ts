import { css, html, nothing, type TemplateResult } from 'lit';
import { icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** One button that calls one address: what is left of the phone when a site fixes `to`. */
export class SylkReach extends PhonePart {
  static override properties = {
    uri: { attribute: false },
    video: { attribute: false },
    problem: { attribute: false },
  };

  declare uri: string;
  declare video: boolean;
  declare problem: string | undefined;

  constructor() {
    super();
    this.uri = '';
    this.video = false;
  }

  protected override render(): TemplateResult {
    const address = plainAddress(this.uri);
    return html`<section class="reach" part="reach">
      ${avatar({ uri: this.uri, displayName: '' }, 'big')}
      <h2 class="address" dir="ltr">${address}</h2>
      <slot name="call-button" @click=${this.call}>
        <button type="button" class="button primary" part="call-button" aria-label=${this.messages.dial.reach(address)}>
          ${icon(this.video ? 'video' : 'phone')}${this.messages.dial.callButton}</button>
      </slot>
      <div aria-live="polite">${this.problem === undefined ? nothing : html`<p class="fault">${icon('info')}<span>${this.problem}</span></p>`}</div>
    </section>`;
  }

  private call = (): void => {
    this.ask({ kind: 'call', uri: this.uri, audio: true, video: this.video });
  };
}

define('sylk-reach', SylkReach);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-reach': SylkReach;
  }
}

export const reachStyle = css`
  sylk-reach {
    display: grid;
    flex: 1;
  }

  .reach {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 24px;
    padding: 24px 16px;
    text-align: center;

    h2 {
      font-size: 20px;
    }

    .button {
      min-block-size: 56px;
      min-inline-size: 200px;
    }
  }
`;
