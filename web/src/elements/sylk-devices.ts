import { css, html, nothing, type TemplateResult } from 'lit';
import type { DeviceChoice } from '../store/snapshot.ts';
import { icon } from './look/icons.ts';
import { define, PhonePart } from './phone-part.ts';

type Kind = 'microphone' | 'camera' | 'speaker';

/** Which microphone, camera and speaker to use, and whether single keys work as shortcuts. */
export class SylkDevices extends PhonePart {
  static override properties = { devices: { attribute: false }, hasShortcuts: { attribute: false } };

  declare devices: DeviceChoice;
  declare hasShortcuts: boolean;

  constructor() {
    super();
    this.devices = { microphones: [], cameras: [], speakers: [] };
    this.hasShortcuts = true;
  }

  protected override render(): TemplateResult {
    const { devices } = this;
    return html`
      ${this.renderChoice('microphone', devices.microphones, devices.microphone)}
      ${this.renderChoice('camera', devices.cameras, devices.camera)}
      ${devices.speakers.length === 0 ? nothing : this.renderChoice('speaker', devices.speakers, devices.speaker)}
      ${this.renderShortcuts()}
    `;
  }

  private renderChoice(kind: Kind, list: DeviceChoice['microphones'], chosen: string | undefined): TemplateResult {
    const words = this.messages.devices;
    return html`<div>
      <label class="label" for="sylk-${kind}">${words[kind]}</label>
      <div class="choice"><select id="sylk-${kind}" class="field" part="${kind}-choice" ?disabled=${list.length === 0} @change=${(event: Event) => this.choose(kind, event)}>
        ${list.length === 0 ? html`<option>${words.none}</option>` : nothing}
        ${list.map(
          ({ id, label }, index) => html`
          <option value=${id} ?selected=${id === chosen}>${label === '' ? words.unnamed(index + 1) : label}</option>`,
        )}
      </select>${icon('chevron')}</div>
    </div>`;
  }

  private renderShortcuts(): TemplateResult {
    const words = this.messages.devices;
    return html`<label class="switch">
      <input type="checkbox" role="switch" part="shortcuts" .checked=${this.hasShortcuts} @change=${this.toggleShortcuts} />
      <span>${words.shortcuts}<span class="small soft hint">${words.shortcutsHint}</span></span>
    </label>`;
  }

  private choose(device: Kind, event: Event): void {
    if (event.target instanceof HTMLSelectElement) this.ask({ kind: 'device', device, id: event.target.value });
  }

  private toggleShortcuts = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.ask({ kind: 'shortcuts', isOn: event.target.checked });
  };
}

define('sylk-devices', SylkDevices);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-devices': SylkDevices;
  }
}

export const devicesStyle = css`
  sylk-devices {
    display: grid;
    gap: 16px;

    .choice {
      position: relative;
    }

    .choice .icon {
      position: absolute;
      inset-block-start: 14px;
      inset-inline-end: 14px;
      inline-size: 20px;
      block-size: 20px;
      color: var(--_soft);
      transform: rotate(90deg);
      pointer-events: none;
    }

    select {
      appearance: none;
      padding-inline-end: 44px;
      text-overflow: ellipsis;
    }

    .switch {
      display: flex;
      align-items: center;
      gap: 16px;
      min-block-size: 44px;
      cursor: pointer;
    }

    .switch input {
      appearance: none;
      flex: none;
      inline-size: 44px;
      block-size: 26px;
      border-radius: 999px;
      background: var(--_edge);
      cursor: pointer;
      transition: background var(--_quick);
    }

    .switch input::before {
      content: '';
      display: block;
      inline-size: 20px;
      block-size: 20px;
      margin: 3px;
      border-radius: 50%;
      background: var(--_surface);
      transition: margin var(--_quick);
    }

    .switch input:checked {
      background: var(--_accent);
    }

    .switch input:checked::before {
      margin-inline-start: 21px;
    }

    .hint {
      display: block;
    }
  }
`;
