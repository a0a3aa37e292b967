import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CallView } from '../store/snapshot.ts';
import { icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { hasOwnName, nameOf, plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';
import { lineOf, transferSentence } from './state/line.ts';
import './sylk-controls.ts';
import './sylk-quality.ts';
import './sylk-timer.ts';
import './sylk-video.ts';

/** How long the controls stay over a moving picture after the last movement of the pointer, in ms. */
const restMs = 3_000;

/** A running call: the far side's picture or initials, who and how long, one line of news, and the controls. */
export class SylkCall extends PhonePart {
  static override properties = {
    call: { attribute: false },
    others: { attribute: false },
    local: { attribute: false },
    remote: { attribute: false },
    canShare: { attribute: false },
    canTransfer: { attribute: false },
    isSoundBlocked: { attribute: false },
    isResting: { state: true },
  };

  declare call: CallView;
  /** Calls that run behind this one. */
  declare others: readonly CallView[];
  declare local: MediaStream | undefined;
  declare remote: MediaStream | undefined;
  declare canShare: boolean;
  /** Whether the far side may be handed on: not from a page that reaches one address only. */
  declare canTransfer: boolean;
  declare isSoundBlocked: boolean;
  /** True while the controls have faded. */
  declare isResting: boolean;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #usesKeyboard = false;

  constructor() {
    super();
    this.others = [];
    this.canShare = false;
    this.canTransfer = false;
    this.isSoundBlocked = false;
    this.isResting = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('pointermove', this.wakeByPointer);
    this.addEventListener('pointerdown', this.wakeByPointer);
    window.addEventListener('keydown', this.wakeByKey);
    this.wake();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.wakeByKey);
    clearTimeout(this.#rest);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('call') && !this.showsPicture) this.isResting = false;
  }

  private get showsPicture(): boolean {
    return this.call.hasRemoteVideo && this.remote !== undefined && !this.call.isHeldByThem && !this.call.isHeldByMe;
  }

  /** Somebody who only listens: nothing of theirs is sent, though the call runs. */
  private get hasNoMicrophone(): boolean {
    return this.local !== undefined && this.local.getAudioTracks().length === 0;
  }

  protected override render(): TemplateResult {
    const { call } = this;
    const kind = this.showsPicture ? 'picture' : 'sound roomy';
    return html`<section class="talk ${kind} ${this.isResting ? 'resting' : ''}" part="call" aria-label=${nameOf(call.peer)}>
      ${
        this.showsPicture
          ? html`<sylk-video class="remote" .messages=${this.messages} .stream=${this.remote}
        .name=${this.messages.call.remoteVideo(nameOf(call.peer))}></sylk-video>`
          : nothing
      }
      ${this.showsPicture ? html`<div class="waiting">${avatar(call.peer, 'big')}</div>` : nothing}
      <div class="top fades">
        ${this.renderNews()}
        ${this.renderWho()}
      </div>
      ${this.renderPreview()}
      <sylk-controls class="fades" .messages=${this.messages} .call=${call} .canShare=${this.canShare}
        .canMute=${!this.hasNoMicrophone} .canTransfer=${this.canTransfer}></sylk-controls>
    </section>`;
  }

  private renderWho(): TemplateResult {
    const { call } = this;
    return html`<header class="who">
      ${this.showsPicture ? nothing : avatar(call.peer, 'big')}
      <div class="names">
        <h1 tabindex="-1" class=${hasOwnName(call.peer) ? '' : 'address'}>${nameOf(call.peer)}</h1>
        ${hasOwnName(call.peer) ? html`<p class="address soft" dir="ltr">${plainAddress(call.peer.uri)}</p>` : nothing}
        <p class="state">
          <sylk-timer .messages=${this.messages} .since=${call.establishedAt ?? call.since}></sylk-timer>
          ${call.quality === undefined ? nothing : html`<sylk-quality .messages=${this.messages} .quality=${call.quality}></sylk-quality>`}
        </p>
      </div>
    </header>`;
  }

  /** The lines on top: what is the matter, what the far side wants, who else waits. */
  private renderNews(): TemplateResult {
    const { call, messages } = this;
    const line = lineOf(call, messages, this.hasNoMicrophone);
    return html`<div class="news" part="lines">
      ${line === undefined ? nothing : html`<p class="line ${line.kind}" part="line">${icon(line.kind === 'warning' ? 'warning' : 'info')}<span>${line.sentence}</span></p>`}
      ${this.isSoundBlocked ? this.renderQuestion(messages.call.soundBlocked, [[messages.call.soundOn, () => this.ask({ kind: 'sound' })]]) : nothing}
      ${
        call.wantsVideo
          ? this.renderQuestion(messages.call.wantsVideo(nameOf(call.peer)), [
              [messages.call.allowVideo, () => this.ask({ kind: 'accept-video', call: call.id, isOn: true })],
              [messages.call.keepAudio, () => this.ask({ kind: 'accept-video', call: call.id, isOn: false })],
            ])
          : nothing
      }
      ${this.renderTransfer()}
      ${this.others.map((other) =>
        this.renderQuestion(messages.call.waiting(nameOf(other.peer)), [
          [messages.call.swap, () => this.ask({ kind: 'hold', call: other.id, isOn: false })],
        ]),
      )}
    </div>`;
  }

  private renderTransfer(): TemplateResult | typeof nothing {
    const { call, messages } = this;
    const sentence = transferSentence(call, messages);
    if (sentence === undefined) return nothing;
    const dismiss = () => this.ask({ kind: 'dismiss-transfer', call: call.id });
    return this.renderQuestion(
      sentence,
      call.transfer?.phase === 'failed' ? [[messages.transfer.dismiss, dismiss]] : [],
    );
  }

  private renderQuestion(sentence: string, answers: readonly (readonly [string, () => void])[]): TemplateResult {
    return html`<div class="line calm" part="line"><span>${sentence}</span>
      ${answers.length === 0 ? nothing : html`<span class="row">${answers.map(([word, press]) => html`<button type="button" class="button tonal" part="line-action" @click=${press}>${word}</button>`)}</span>`}
    </div>`;
  }

  private renderPreview(): TemplateResult | typeof nothing {
    const { call, local } = this;
    if (local === undefined || !call.hasLocalVideo || (call.isCameraOff && !call.isSharingScreen)) return nothing;
    return html`<sylk-video class="preview" part="preview" ?mirrored=${!call.isSharingScreen} .isFilling=${!call.isSharingScreen} .messages=${this.messages}
      .stream=${local} .name=${this.messages.call.preview}></sylk-video>`;
  }

  private wakeByPointer = (): void => {
    this.#usesKeyboard = false;
    this.wake();
  };

  /** From the first key on the controls stay: whoever uses keys must always see where the focus is. */
  private wakeByKey = (): void => {
    this.#usesKeyboard = true;
    this.wake();
  };

  private wake(): void {
    this.isResting = false;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.fall(), restMs);
  }

  private fall(): void {
    const isBusy =
      this.call.wantsVideo || this.isSoundBlocked || this.others.length > 0 || this.call.transfer !== undefined;
    const isNeeded = this.querySelector('.control:hover, .button:hover, .remote[blank]') !== null;
    if (this.showsPicture && !this.#usesKeyboard && !isBusy && !isNeeded) this.isResting = true;
  }
}

define('sylk-call', SylkCall);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-call': SylkCall;
  }
}
