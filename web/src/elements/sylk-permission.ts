import { css, html, nothing, type TemplateResult } from 'lit';
import type { PhoneSnapshot } from '../store/snapshot.ts';
import { icon } from './look/icons.ts';
import { nameOf, type Person } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';

/** Why the microphone is needed while the browser asks for it, and what to do when it was refused or is missing. */
export class SylkPermission extends PhonePart {
  static override properties = {
    person: { attribute: false },
    video: { attribute: false },
    permission: { attribute: false },
    isOver: { attribute: false },
  };

  declare person: Person;
  declare video: boolean;
  declare permission: PhoneSnapshot['permission'];
  /** True when the call has gone already, so that giving up is one of the ways. */
  declare isOver: boolean;

  constructor() {
    super();
    this.person = { uri: '', displayName: '' };
    this.video = false;
    this.permission = 'unknown';
    this.isOver = false;
  }

  protected override render(): TemplateResult {
    const isRefused = this.permission === 'denied' || this.permission === 'none';
    const [title, text] = this.words();
    return html`<div class="box" part="permission">
      <span class="sign ${isRefused ? 'refused' : ''}">${icon(isRefused ? 'micOff' : this.video ? 'video' : 'mic')}</span>
      <h2 tabindex="-1">${title}</h2>
      <p class="soft">${text}</p>
      ${isRefused ? this.renderWays() : nothing}
    </div>`;
  }

  private words(): readonly [string, string] {
    const words = this.messages.permission;
    if (this.permission === 'denied') return [this.video ? words.deniedTitleVideo : words.deniedTitle, words.deniedHow];
    if (this.permission === 'none') return [words.noneTitle, words.noneHow];
    const who = nameOf(this.person);
    return this.video ? [words.askingVideo, words.whyVideo(who)] : [words.askingAudio, words.whyAudio(who)];
  }

  private renderWays(): TemplateResult {
    const words = this.messages.permission;
    return html`<div class="ways">
      <button type="button" class="button primary" part="permission-again" @click=${() => this.call(true, this.video)}>${words.again}</button>
      ${this.video ? html`<button type="button" class="button" part="permission-audio" @click=${() => this.call(true, false)}>${words.withoutCamera}</button>` : nothing}
      <button type="button" class="button" part="permission-listen" @click=${() => this.call(false, false)}>${words.listen}</button>
      ${this.isOver ? html`<button type="button" class="button plain" part="permission-cancel" @click=${() => this.ask({ kind: 'give-up' })}>${words.cancel}</button>` : nothing}
    </div>`;
  }

  private call(audio: boolean, video: boolean): void {
    this.ask({ kind: 'call', uri: this.person.uri, audio, video });
  }
}

define('sylk-permission', SylkPermission);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-permission': SylkPermission;
  }
}

export const permissionStyle = css`
  sylk-permission {
    display: block;

    .page > & {
      display: grid;
      flex: 1;
      align-content: center;
    }

    .box {
      display: grid;
      justify-items: center;
      gap: 8px;
      max-inline-size: 400px;
      margin-inline: auto;
      text-align: center;
    }

    .sign {
      display: grid;
      place-items: center;
      inline-size: 64px;
      block-size: 64px;
      margin-block-end: 8px;
      border-radius: 50%;
      background: var(--_tint);
      color: var(--_accent-text);
    }

    .sign .icon {
      inline-size: 28px;
      block-size: 28px;
    }

    .sign.refused {
      background: var(--_danger-tint);
      color: var(--_danger-text);
    }

    h2 {
      font-size: 20px;
      outline: none;
    }

    .ways {
      display: grid;
      gap: 8px;
      inline-size: 100%;
      margin-block-start: 16px;
    }
  }
`;
