import { css, html, nothing, type TemplateResult } from 'lit';
import type { CallView } from '../store/snapshot.ts';
import { type IconName, icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

interface Control {
  readonly part: string;
  readonly picture: IconName;
  readonly label: string;
  readonly isLit?: boolean;
  readonly shortcut?: string;
  readonly press: () => void;
}

/** What can be done in a running call, each as a disc with its word below. */
export class SylkControls extends PhonePart {
  static override properties = {
    call: { attribute: false },
    canShare: { attribute: false },
    canMute: { attribute: false },
    canTransfer: { attribute: false },
  };

  declare call: CallView;
  /** Whether the browser can share a screen at all; most on telephones cannot. */
  declare canShare: boolean;
  /** False for somebody who only listens. */
  declare canMute: boolean;
  declare canTransfer: boolean;

  constructor() {
    super();
    this.canShare = false;
    this.canMute = true;
    this.canTransfer = false;
  }

  protected override render(): TemplateResult {
    return html`<div class="controls" role="group" aria-label=${this.messages.call.controls}>
      ${this.controls().map((control) => this.renderControl(control))}
      <button type="button" class="control hang-up" part="hang-up" @click=${() => this.ask({ kind: 'hang-up', call: this.call.id })}>
        <span class="disc">${icon('hangup')}</span><span class="word">${this.messages.call.hangUp}</span>
      </button>
    </div>`;
  }

  private renderControl({ part, picture, label, isLit, shortcut, press }: Control): TemplateResult {
    return html`<button type="button" class="control ${isLit === true ? 'lit' : ''}" part=${part}
      aria-keyshortcuts=${shortcut ?? nothing} @click=${press}>
      <span class="disc">${icon(picture)}</span><span class="word">${label}</span>
    </button>`;
  }

  private controls(): readonly Control[] {
    if (this.call.phase === 'ending') return [];
    const mute = this.canMute ? [this.muteControl()] : [];
    const screen = this.canShare ? [this.screenControl()] : [];
    const { phase = 'failed' } = this.call.transfer ?? {};
    // One at a time.
    const transfer = this.canTransfer && phase === 'failed' ? [this.sheetControl('transfer')] : [];
    return [
      ...mute,
      this.cameraControl(),
      ...screen,
      this.holdControl(),
      this.sheetControl('keypad', 'K'),
      this.sheetControl('devices'),
      this.chatControl(),
      ...transfer,
    ];
  }

  private sheetControl(sheet: 'keypad' | 'devices' | 'transfer', shortcut?: string): Control {
    return {
      part: sheet,
      picture: sheet,
      label: this.messages.call[sheet],
      shortcut,
      press: () => this.ask({ kind: 'open', sheet }),
    };
  }

  private chatControl(): Control {
    const { uri } = this.call.peer;
    const label = this.messages.call.chat;
    return { part: 'chat-with', picture: 'chat', label, press: () => this.ask({ kind: 'write-to', uri }) };
  }

  private muteControl(): Control {
    const { id, isMuted } = this.call;
    const words = this.messages.call;
    return {
      part: 'mute',
      picture: isMuted ? 'micOff' : 'mic',
      label: isMuted ? words.unmute : words.mute,
      isLit: isMuted,
      shortcut: 'M',
      press: () => this.ask({ kind: 'mute', call: id, isOn: !isMuted }),
    };
  }

  private cameraControl(): Control {
    const { id, hasLocalVideo, isCameraOff } = this.call;
    const words = this.messages.call;
    const isOn = hasLocalVideo && !isCameraOff;
    return {
      part: 'camera',
      picture: isOn ? 'video' : 'videoOff',
      label: isOn ? words.cameraOff : words.cameraOn,
      isLit: hasLocalVideo && isCameraOff,
      shortcut: 'V',
      press: () => this.ask({ kind: 'camera', call: id, isOn: !isOn }),
    };
  }

  private screenControl(): Control {
    const { id, isSharingScreen } = this.call;
    const words = this.messages.call;
    return {
      part: 'screen',
      picture: isSharingScreen ? 'screenOff' : 'screen',
      label: isSharingScreen ? words.stopShare : words.share,
      isLit: isSharingScreen,
      press: () => this.ask({ kind: 'screen', call: id, isOn: !isSharingScreen }),
    };
  }

  private holdControl(): Control {
    const { id, isHeldByMe } = this.call;
    const words = this.messages.call;
    return {
      part: 'hold',
      picture: isHeldByMe ? 'play' : 'pause',
      label: isHeldByMe ? words.resume : words.hold,
      isLit: isHeldByMe,
      shortcut: 'H',
      press: () => this.ask({ kind: 'hold', call: id, isOn: !isHeldByMe }),
    };
  }
}

define('sylk-controls', SylkControls);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-controls': SylkControls;
  }
}

export const controlsStyle = css`
  .controls {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 16px 0;
    margin-inline: auto;
  }

  .control {
    display: grid;
    justify-items: center;
    align-content: start;
    gap: 8px;
    inline-size: 104px;
    border-radius: var(--_radius);
    text-align: center;
  }

  .disc {
    display: grid;
    place-items: center;
    inline-size: 64px;
    block-size: 64px;
    border-radius: 50%;
    background: var(--_disc, var(--_hush));
    transition: background var(--_quick), color var(--_quick);
  }

  .control:hover .disc {
    background: var(--_disc-hover, var(--_hush-hover));
  }

  .disc .icon {
    inline-size: 28px;
    block-size: 28px;
  }

  .control.lit .disc {
    background: var(--_text);
    color: var(--_surface);
  }

  .control .word {
    font-size: 14px;
    line-height: 1.2;
  }

  .control.hang-up .disc,
  .control.decline .disc {
    background: var(--_danger);
    color: white;
  }

  .control.answer .disc {
    background: var(--_answer);
    color: white;
  }

  :is(.hang-up, .decline, .answer):hover .disc {
    filter: brightness(1.12);
  }

  .control:focus-visible {
    outline: none;
  }

  .control:focus-visible .disc {
    outline: 3px solid var(--_accent-text);
    outline-offset: 3px;
  }

  @container phone (max-width: 759px) {
    .control {
      inline-size: 88px;
    }
  }

  @container phone (max-width: 479px) {
    .control {
      inline-size: 80px;
    }

    .disc {
      inline-size: 56px;
      block-size: 56px;
    }
  }

  @container phone (max-width: 479px) and (min-height: 640px) {
    .roomy .controls {
      row-gap: 24px;
    }

    .roomy .disc {
      inline-size: 64px;
      block-size: 64px;
    }
  }

  @container phone (max-width: 359px) {
    .controls {
      gap: 8px 0;
    }

    .control {
      inline-size: 64px;
      gap: 4px;
    }

    .disc {
      inline-size: 48px;
      block-size: 48px;
    }

    .disc .icon {
      inline-size: 24px;
      block-size: 24px;
    }
  }
`;
