import { html, type ReactiveControllerHost, type TemplateResult } from 'lit';

type QrCode = typeof import('./qr.ts').qrCode;

/** Draws QR codes as soon as what makes them has come, which nobody has to wait for before a call. */
export class QrDrawing {
  readonly #host: ReactiveControllerHost;
  #qrCode: QrCode | undefined;
  #isComing = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
  }

  /**
   * @param name what it is, for those who cannot see it
   * @returns an empty place of the same size until it can be drawn
   */
  draw(text: string, name: string): TemplateResult {
    if (this.#qrCode !== undefined) return this.#qrCode(text, name);
    if (!this.#isComing) void this.#load();
    return html`<span class="qr" role="img" aria-label=${name}></span>`;
  }

  async #load(): Promise<void> {
    this.#isComing = true;
    try {
      this.#qrCode = (await import('./qr.ts')).qrCode;
      this.#host.requestUpdate();
    } catch {
      // The network is gone: the link beside it says the same, and the next drawing asks again.
      this.#isComing = false;
    }
  }
}
