import { css, html, nothing, type TemplateResult } from 'lit';
import type { CallView, PhoneSnapshot } from '../store/snapshot.ts';
import { icon } from './look/icons.ts';
import { avatar } from './people/avatar.ts';
import { hasOwnName, nameOf, plainAddress } from './people/person.ts';
import { define, PhonePart } from './phone-part.ts';
import { phaseText } from './state/announce.ts';
import './sylk-permission.ts';
import './sylk-timer.ts';
import './sylk-video.ts';

/** A call on its way: the devices are asked for, it is placed, it rings, it connects. */
export class SylkOutgoing extends PhonePart {
  static override properties = {
    call: { attribute: false },
    permission: { attribute: false },
    local: { attribute: false },
  };

  declare call: CallView;
  declare permission: PhoneSnapshot['permission'];
  declare local: MediaStream | undefined;

  protected override render(): TemplateResult {
    const { call } = this;
    const isAsking = call.phase === 'devices' && this.permission !== 'granted';
    const showsMe = !isAsking && call.hasLocalVideo && this.local !== undefined;
    return html`<section class="talk roomy outgoing ${showsMe ? 'mirror' : 'sound'}" part="outgoing" aria-label=${nameOf(call.peer)}>
      ${
        showsMe
          ? html`<sylk-video class="backdrop" part="preview" mirrored .isFilling=${true} .messages=${this.messages} .stream=${this.local}
        .name=${this.messages.call.preview}></sylk-video>`
          : nothing
      }
      <div class="top">${isAsking ? this.renderPermission() : this.renderWho(showsMe)}</div>
      <div class="controls">
        <button type="button" class="control hang-up" part="cancel" @click=${() => this.ask({ kind: 'hang-up', call: call.id })}>
          <span class="disc">${icon('hangup')}</span><span class="word">${this.messages.outgoing.cancel}</span>
        </button>
      </div>
    </section>`;
  }

  private renderPermission(): TemplateResult {
    return html`<div class="who"><sylk-permission .messages=${this.messages} .person=${this.call.peer} .video=${this.call.hasLocalVideo}
      .permission=${this.permission}></sylk-permission></div>`;
  }

  private renderWho(showsMe: boolean): TemplateResult {
    const { call } = this;
    return html`<header class="who">
      ${showsMe ? nothing : html`<span class="pulse ${call.phase}">${avatar(call.peer, 'big')}</span>`}
      <div class="names">
        <h1 tabindex="-1" class=${hasOwnName(call.peer) ? '' : 'address'}>${nameOf(call.peer)}</h1>
        ${hasOwnName(call.peer) ? html`<p class="address soft" dir="ltr">${plainAddress(call.peer.uri)}</p>` : nothing}
        <p class="state">${phaseText(call.phase, this.messages)}</p>
        <p class="small soft"><sylk-timer .messages=${this.messages} .since=${call.since}></sylk-timer></p>
      </div>
    </header>`;
  }
}

define('sylk-outgoing', SylkOutgoing);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-outgoing': SylkOutgoing;
  }
}

export const outgoingStyle = css`
  .outgoing {
    .roomy .hang-up {
      margin-inline: auto;
    }

    .pulse {
      position: relative;
      display: grid;
    }

    .pulse::before {
      content: '';
      position: absolute;
      inset: 0;
      border-radius: 50%;
      border: 2px solid var(--_accent);
      opacity: 0;
    }

    .pulse.ringing::before {
      animation: ripple 2.4s ease-out infinite;
    }
  }

  .outgoing.mirror {
    color-scheme: dark;
    --_surface: #1b1e25;
    --_text: #ffffff;
    --_soft: #eef0f4;
    color: var(--_text);
    background: #0b0d12;

    .backdrop::after {
      content: '';
      position: absolute;
      inset: 0;
      background: rgb(11 13 18 / 76%);
    }

    .controls {
      position: relative;
    }
  }

  @keyframes ripple {
    from { transform: scale(1); opacity: 0.7; }
    to { transform: scale(1.45); opacity: 0; }
  }
`;
