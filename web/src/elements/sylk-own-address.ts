import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { OwnAddress, PhoneSnapshot } from '../store/snapshot.ts';
import { Copying } from './look/copying.ts';
import { icon } from './look/icons.ts';
import { QrDrawing } from './look/qr-drawing.ts';
import { timeLeft } from './people/times.ts';
import { define, PhonePart } from './phone-part.ts';
import './sylk-address-fate.ts';
import './sylk-address-form.ts';

/** How often the time that an address still lasts is counted again, in ms. */
const tickMs = 60_000;

/** The person's own address: getting one, showing it, sharing it; `sylk-address-fate` has what may become of it. */
export class SylkOwnAddress extends PhonePart {
  static override properties = {
    own: { attribute: false },
    ownState: { attribute: false },
    isOnline: { attribute: false },
    domain: { attribute: false },
    origin: { attribute: false },
    offersNotices: { attribute: false },
    blockedCount: { attribute: false },
    isUndisturbed: { attribute: false },
    layout: { reflect: true },
    view: { state: true },
  };

  declare own: OwnAddress | undefined;
  declare ownState: PhoneSnapshot['ownState'];
  /** Without the gateway nobody is reachable, whatever was registered. */
  declare isOnline: boolean;
  declare domain: string | undefined;
  /** Origin that call links start with. */
  declare origin: string;
  /** True when the browser could tell about calls but has not been allowed to yet. */
  declare offersNotices: boolean;
  /** How many people may not call this address here. */
  declare blockedCount: number;
  /** Calls do not ring here. */
  declare isUndisturbed: boolean;
  /** `card` shrinks to a row where there is little room; `sheet` always shows all. */
  declare layout: 'card' | 'sheet';
  declare view: 'main' | 'create' | 'keep' | 'sign-in';
  readonly #copying = new Copying(this);
  readonly #qr = new QrDrawing(this);
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.ownState = { busy: false };
    this.isOnline = true;
    this.origin = '';
    this.offersNotices = false;
    this.blockedCount = 0;
    this.isUndisturbed = false;
    this.layout = 'card';
    this.view = 'main';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#tick = setInterval(() => this.requestUpdate(), tickMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#tick);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('own') && changed.get('own')?.address !== this.own?.address) this.view = 'main';
  }

  protected override render(): TemplateResult {
    if (this.view === 'create' || this.view === 'keep' || this.view === 'sign-in') return this.renderForm(this.view);
    if (this.own === undefined) return this.ownState.busy ? this.renderBusy() : this.renderOffer();
    return html`${this.layout === 'card' ? this.renderSummary(this.own) : nothing}
      <div class="whole ${this.layout === 'card' ? 'card' : ''}" part="own-address">${this.renderOwn(this.own)}</div>`;
  }

  private renderForm(mode: 'create' | 'keep' | 'sign-in'): TemplateResult {
    return html`<div class=${this.layout === 'card' ? 'card' : ''} @sylk-form-cancel=${() => {
      this.view = 'main';
    }}>
      <sylk-address-form .messages=${this.messages} .mode=${mode} .domain=${this.domain} .busy=${this.ownState.busy}
        .problem=${this.ownState.error} .idPrefix="sylk-${this.layout}-"></sylk-address-form>
    </div>`;
  }

  private renderBusy(): TemplateResult {
    return html`<div class="card waiting" role="status">
      <span class="unseen">${this.messages.address.getting}</span>
      <div class="bone short"></div><div class="bone long"></div><div class="bone button-bone"></div>
    </div>`;
  }

  private renderOffer(): TemplateResult {
    const words = this.messages.address;
    return html`<div class="card offer" part="own-address-offer">
      <div>
        <h2>${words.getTitle}</h2>
        <p class="soft">${words.getWhy}</p>
      </div>
      ${this.renderProblem()}
      <button type="button" class="button tonal" part="get-temporary"
        @click=${() => this.ask({ kind: 'address', wish: { lifetime: 'temporary' } })}>${icon('addPerson')}${words.getTemporary}</button>
      <div class="wrap others">
        <button type="button" class="button plain" part="get-permanent" @click=${() => {
          this.view = 'create';
        }}>${words.getPermanent}</button>
        <button type="button" class="button plain" part="sign-in" @click=${() => {
          this.view = 'sign-in';
        }}>${words.signIn}</button>
      </div>
    </div>`;
  }

  private renderProblem(): TemplateResult | typeof nothing {
    if (this.ownState.error === undefined) return nothing;
    return html`<p class="fault" role="alert">${icon('info')}<span>${this.ownState.error}</span></p>`;
  }

  private renderSummary(own: OwnAddress): TemplateResult {
    const words = this.messages.address;
    return html`<div class="card summary">
      <button type="button" class="open" part="open-address" title=${words.open} @click=${() => this.ask({ kind: 'open', sheet: 'address' })}>
        <span class="lines">
          <span class="small soft">${words.title}</span>
          <span class="strong ellipsis address" dir="ltr">${own.address}</span>
          ${this.renderRegistration(own)}
        </span>
        ${icon('chevron')}
      </button>
      ${this.renderCopyIcon()}
    </div>`;
  }

  private renderCopyIcon(): TemplateResult {
    const words = this.messages.address;
    const name = this.#copying.copied === 'address' ? words.copied : words.copy;
    return html`<button type="button" class="icon-button tonal" part="copy-address" aria-label=${name} title=${name}
      @click=${() => this.copy('address')}>${icon(this.#copying.copied === 'address' ? 'check' : 'copy')}</button>`;
  }

  private renderRegistration(own: OwnAddress): TemplateResult {
    const words = this.messages.address;
    const state = this.isOnline ? own.registration : 'none';
    const word = {
      none: words.unregistered,
      registering: words.registering,
      registered: this.isUndisturbed ? words.undisturbed : words.registered,
      failed: words.failed,
    }[state];
    return html`<span class="registration ${state}"><span class="dot"></span>${word}</span>`;
  }

  private renderOwn(own: OwnAddress): TemplateResult {
    const words = this.messages.address;
    const link = this.link(own);
    return html`
      <div class="head">
        ${this.layout === 'card' ? html`<h2>${words.title}</h2>` : nothing}
        ${this.renderRegistration(own)}
      </div>
      <div>
        <p class="big address" part="address" dir="ltr">${own.address}</p>
        ${own.registration === 'failed' && own.reason !== undefined ? html`<p class="fault">${icon('info')}<span>${own.reason}</span></p>` : nothing}
        ${own.lifetime === 'temporary' ? html`<p class="small soft">${this.expiry(own)}</p>` : nothing}
      </div>
      ${this.renderSharing(link)}
      <figure>
        ${this.#qr.draw(link, words.qr(link))}
        <figcaption class="small soft">${words.qrHint}</figcaption>
      </figure>
      ${this.renderProblem()}
      <sylk-address-fate .messages=${this.messages} .own=${own} .blockedCount=${this.blockedCount}
        .isUndisturbed=${this.isUndisturbed} .isElsewhere=${this.isElsewhere(own)} .offersNotices=${this.offersNotices}
        @sylk-keep-address=${() => {
          this.view = 'keep';
        }}></sylk-address-fate>
    `;
  }

  private expiry(own: OwnAddress): string {
    const { address, locale } = this.messages;
    const left = own.expiresAt === undefined ? undefined : timeLeft(own.expiresAt - Date.now(), locale);
    return left === undefined ? address.expiresSoon : address.expiresIn(left);
  }

  private renderSharing(link: string): TemplateResult {
    const words = this.messages.address;
    const canShare = typeof navigator.share === 'function';
    return html`<div class="pair">
      <button type="button" class="button tonal" part="copy-address" @click=${() => this.copy('address')}>
        ${icon(this.#copying.copied === 'address' ? 'check' : 'copy')}${this.#copying.copied === 'address' ? words.copied : words.copy}</button>
      ${
        canShare
          ? html`<button type="button" class="button tonal" part="share-link" @click=${() => this.share(link)}>${icon('share')}${words.share}</button>`
          : html`<button type="button" class="button tonal" part="copy-link" @click=${() => this.copy('link')}>
            ${icon(this.#copying.copied === 'link' ? 'check' : 'link')}${this.#copying.copied === 'link' ? words.copied : words.copyLink}</button>`
      }
      <span class="unseen" role="status">${this.#copying.copied === undefined ? '' : words.copied}</span>
      ${this.#copying.hasFailed ? html`<p class="fault" role="alert">${icon('info')}<span>${words.copyFailed}</span></p>` : nothing}
    </div>`;
  }

  /** It is of another service, which alone can give it up. */
  private isElsewhere({ address }: OwnAddress): boolean {
    return this.domain !== undefined && !address.toLowerCase().endsWith(`@${this.domain.toLowerCase()}`);
  }

  private link(own: OwnAddress): string {
    return `${this.origin}/call/${encodeURIComponent(own.address).replace('%40', '@')}`;
  }

  private async copy(what: 'address' | 'link'): Promise<void> {
    if (this.own !== undefined)
      await this.#copying.copy(what, what === 'address' ? this.own.address : this.link(this.own));
  }

  private async share(link: string): Promise<void> {
    try {
      await navigator.share({ title: this.messages.address.shareTitle, url: link });
    } catch (error) {
      // The person closed the system's sheet: nothing went wrong.
      if (!(error instanceof DOMException && error.name === 'AbortError')) await this.copy('link');
    }
  }
}

define('sylk-own-address', SylkOwnAddress);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-own-address': SylkOwnAddress;
  }
}
