import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { define, PhonePart } from './phone-part.ts';

/** Share of a picture that may be cut off to fill the place; beyond it the picture is shown whole. */
const maxCropped = 0.4;

/** Shows the pictures of a stream. The sound is played elsewhere, so this is always muted and may start by itself. */
export class SylkVideo extends PhonePart {
  static override properties = {
    stream: { attribute: false },
    name: { attribute: false },
    mirrored: { type: Boolean, reflect: true },
    isFilling: { attribute: false },
    blank: { type: Boolean, reflect: true },
  };

  declare stream: MediaStream | undefined;
  /** What is to be seen, for those who cannot. */
  declare name: string;
  declare mirrored: boolean;
  /** Fills the place whatever is cut off: for one's own picture, which one knows. */
  declare isFilling: boolean;
  /** True until the first picture has arrived. */
  declare blank: boolean;
  #size: ResizeObserver | undefined;

  constructor() {
    super();
    this.name = '';
    this.mirrored = false;
    this.isFilling = false;
    this.blank = true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size = new ResizeObserver(() => this.fit());
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size?.disconnect();
  }

  protected override render(): TemplateResult {
    return html`<video part="video" autoplay playsinline muted .muted=${true} aria-label=${this.name} @resize=${this.fit} @loadedmetadata=${this.fit}></video>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const video = this.querySelector('video');
    if (video === null || !changed.has('stream') || video.srcObject === (this.stream ?? null)) return;
    video.srcObject = this.stream ?? null;
    this.blank = true;
  }

  /** Fills the place if little is lost, as with a face; shows all of it otherwise, as with a shared screen. */
  private fit = (): void => {
    const video = this.querySelector('video');
    if (video === null) return;
    this.blank = video.videoWidth === 0;
    if (this.blank || this.clientHeight === 0) return;
    const picture = video.videoWidth / video.videoHeight;
    const place = this.clientWidth / this.clientHeight;
    const cropped = 1 - Math.min(picture / place, place / picture);
    video.classList.toggle('whole', cropped > maxCropped && !this.isFilling);
  };
}

define('sylk-video', SylkVideo);

declare global {
  interface HTMLElementTagNameMap {
    'sylk-video': SylkVideo;
  }
}

export const videoStyle = css`
  sylk-video {
    display: block;
    overflow: hidden;
    background: #0b0d12;

    video {
      display: block;
      inline-size: 100%;
      block-size: 100%;
      object-fit: cover;
    }

    video.whole {
      object-fit: contain;
    }

    &[mirrored] video {
      transform: scaleX(-1);
    }
  }
`;
