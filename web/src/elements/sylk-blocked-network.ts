import { css, html, nothing, type TemplateResult } from 'lit';
import type { EndedView } from '../store/snapshot.ts';
import { Copying } from './look/copying.ts';
import { icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

type Places = NonNullable<EndedView['unreached']>;

/** What helps where the network lets no call out: another one, or exactly these ports opened by whoever runs it. */
export class SylkBlockedNetwork extends PhonePart {
  static override properties = { places: { attribute: false } };

  /** Where the gateway listens, as it said itself; empty when it did not come to that. */
  declare places: Places;
  readonly #copying = new Copying(this);

  constructor() {
    super();
    this.places = [];
  }

  protected override render(): TemplateResult {
    const words = this.messages.network;
    return html`<section class="card" part="blocked-network">
      <h2>${words.title}</h2>
      <p>${words.elsewhere}</p>
      <p>${this.places.length === 0 ? words.askForServer : words.ask}</p>
      ${this.places.length === 0 ? nothing : this.renderPlaces()}
    </section>`;
  }

  private renderPlaces(): TemplateResult {
    const words = this.messages.network;
    const lines = this.lines();
    const isCopied = this.#copying.copied === 'places';
    return html`<ul>${lines.map((line) => html`<li><bdi>${line}</bdi></li>`)}</ul>
      <button type="button" class="button tonal" part="copy-places" @click=${() => this.#copying.copy('places', lines.join('\n'))}>
        ${icon(isCopied ? 'check' : 'copy')}${isCopied ? words.copied : words.copy}</button>
      ${
        this.#copying.hasFailed
          ? html`<p class="fault" role="alert">${icon('info')}<span>${this.messages.address.copyFailed}</span></p>`
          : nothing
      }`;
  }

  private lines(): readonly string[] {
    const { place } = this.messages.network;
    return this.places.map(({ protocol, address, port }) => place(protocol.toUpperCase(), address, port));
  }
}

define('sylk-blocked-network', SylkBlockedNetwork);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-blocked-network': SylkBlockedNetwork;
  }
}

export const blockedNetworkStyle = css`
  sylk-blocked-network {
    display: block;
    inline-size: 100%;
    text-align: start;

    .card {
      display: grid;
      gap: 8px;
    }

    h2 {
      font-size: 16px;
    }

    li {
      padding-block: 8px;
      font-size: 14px;
      font-weight: 600;
      overflow-wrap: anywhere;
      user-select: all;
    }

    li + li {
      border-block-start: 1px solid var(--_line);
    }
  }
`;
