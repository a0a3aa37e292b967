import { html, type PropertyValues, type TemplateResult } from 'lit';
import { define, PhonePart } from './phone-part.ts';

/** Plays the sound of the far side on the chosen speaker. Says so when the browser wants a gesture first. */
export class SylkSound extends PhonePart {
  static override properties = { stream: { attribute: false }, speaker: { attribute: false } };

  declare stream: MediaStream | undefined;
  /** Device id; undefined for the one of the system. */
  declare speaker: string | undefined;

  protected override render(): TemplateResult {
    return html`<audio hidden></audio>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const audio = this.querySelector('audio');
    if (audio === null) return;
    if (changed.has('speaker') && this.speaker !== undefined) void this.useSpeaker(audio, this.speaker);
    if (changed.has('stream') && audio.srcObject !== (this.stream ?? null)) {
      audio.srcObject = this.stream ?? null;
      if (this.stream !== undefined) void this.play();
    }
  }

  /** Starts again, from within a gesture. */
  async play(): Promise<void> {
    try {
      await this.querySelector('audio')?.play();
    } catch (error) {
      // AbortError: the stream was replaced before it started, and the next play() counts.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.ask({ kind: 'sound-blocked' });
    }
  }

  private async useSpeaker(audio: HTMLAudioElement, speaker: string): Promise<void> {
    try {
      await audio.setSinkId?.(speaker);
    } catch (error) {
      // A speaker that was unplugged since it was chosen: the sound stays on the one of the system.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}

define('sylk-sound', SylkSound);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-sound': SylkSound;
  }
}
