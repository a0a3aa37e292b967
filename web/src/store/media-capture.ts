import type { Browser } from './browser.ts';
import type { StoreMessages } from './messages/en.ts';
import { Sentence } from './sentence.ts';
import type { PhoneSnapshot } from './snapshot.ts';

export type Permission = PhoneSnapshot['permission'];

export interface CaptureWish {
  readonly audio: boolean;
  readonly video: boolean;
}

/** What of the wish could not be had, though the rest could. */
export interface Captured {
  readonly stream: MediaStream;
  readonly lacks: 'camera' | undefined;
}

export interface MediaCaptureOptions {
  readonly browser: Browser;
  readonly messages: StoreMessages;
  newStream(): MediaStream;
  /** Preferred devices, as the person chose them. */
  preferred(): { readonly microphone?: string; readonly camera?: string };
  permissionChanged(permission: Permission): void;
}

/** Asks the browser, and through it the person, for microphone and camera. */
export class MediaCapture {
  readonly #options: MediaCaptureOptions;
  #permission: Permission = 'unknown';

  constructor(options: MediaCaptureOptions) {
    this.#options = options;
  }

  get permission(): Permission {
    return this.#permission;
  }

  /**
   * A stream with what is wished; without camera when only that is missing.
   *
   * @throws Sentence when the person or the browser refuses, or there is no microphone
   */
  async open(wish: CaptureWish): Promise<Captured> {
    if (!wish.audio && !wish.video) return { stream: this.#options.newStream(), lacks: undefined };
    await this.#expectQuestion(wish);
    try {
      return { stream: await this.#ask(wish), lacks: undefined };
    } catch (error) {
      if (wish.audio && wish.video && !isRefusal(error))
        return { stream: await this.#askOrExplain({ audio: true, video: false }), lacks: 'camera' };
      throw this.#explain(error, wish);
    }
  }

  /** One track of exactly this device. */
  async openDevice(kind: 'microphone' | 'camera', id: string): Promise<MediaStreamTrack> {
    const exactly = { deviceId: { exact: id } };
    const stream = await this.#source().open(
      kind === 'camera' ? { video: { ...videoWish, ...exactly } } : { audio: exactly },
    );
    const [track] = stream.getTracks();
    if (track === undefined) throw new Sentence(this.#options.messages.error.noMicrophone);
    return track;
  }

  /** The screen, window or tab that the person picks; `undefined` when they think better of it. */
  async openScreen(): Promise<MediaStreamTrack | undefined> {
    try {
      return (await this.#source().openScreen()).getVideoTracks()[0];
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw new Sentence(this.#options.messages.error.noScreen, { cause: error });
    }
  }

  /** What the browser says before anybody is asked. */
  async lookUp(): Promise<void> {
    const state = await this.#options.browser.media?.permission('microphone');
    if (state === 'granted' || state === 'denied') this.#become(state);
  }

  async #askOrExplain(wish: CaptureWish): Promise<MediaStream> {
    try {
      return await this.#ask(wish);
    } catch (error) {
      throw this.#explain(error, wish);
    }
  }

  async #ask(wish: CaptureWish): Promise<MediaStream> {
    const { microphone, camera } = this.#options.preferred();
    const stream = await this.#source().open({
      audio: wish.audio && (microphone === undefined || { deviceId: { ideal: microphone } }),
      video: wish.video && { ...videoWish, ...(camera !== undefined && { deviceId: { ideal: camera } }) },
    });
    this.#become('granted');
    return stream;
  }

  /** Says that the browser will ask, unless it has been allowed before. */
  async #expectQuestion(wish: CaptureWish): Promise<void> {
    const kinds = [...(wish.audio ? (['microphone'] as const) : []), ...(wish.video ? (['camera'] as const) : [])];
    const states = await Promise.all(kinds.map((kind) => this.#options.browser.media?.permission(kind)));
    this.#become(states.every((state) => state === 'granted') ? 'granted' : 'asking');
  }

  #source() {
    const { browser, messages } = this.#options;
    if (browser.media === undefined)
      throw new Sentence(browser.isSecure ? messages.error.unsupported : messages.error.insecure);
    return browser.media;
  }

  #explain(error: unknown, wish: CaptureWish): Sentence {
    if (error instanceof Sentence) return error;
    const { error: sentences } = this.#options.messages;
    const name = error instanceof DOMException ? error.name : '';
    if (isRefusal(error)) this.#become('denied');
    else this.#become(name === 'NotFoundError' ? 'none' : 'unknown');
    const missing = wish.audio ? sentences.noMicrophone : sentences.noCamera;
    const sentence = isRefusal(error) ? sentences.denied : name === 'NotFoundError' ? missing : sentences.deviceBusy;
    return new Sentence(sentence, { cause: error });
  }

  #become(permission: Permission): void {
    if (permission === this.#permission) return;
    this.#permission = permission;
    this.#options.permissionChanged(permission);
  }
}

const videoWish = { width: { ideal: 1280 }, height: { ideal: 720 } };

const isRefusal = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'SecurityError');
