import type { EndCause } from '../call/end-cause.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Router, Sfu } from '../ports/sfu.ts';
import type { Trace } from '../ports/sip-endpoint.ts';
import type { BrowserDescription } from '../sdp/browser-offer.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { fitsRouter } from '../sdp/rtp-parameters.ts';
import { BrowserMedia } from './browser-media.ts';
import { MediaWatch } from './media-watch.ts';

export interface LegMediaOptions {
  /** The call's. */
  readonly router: Router;
  /** Makes a router of the leg's own, for a reloaded page whose payload types are not those of the call's router. */
  readonly sfu: Sfu;
  readonly clock: Clock;
  readonly log: Log;
  readonly trace: Trace;
  onUp(): void;
  onLost(): void;
  onFailed(cause: EndCause): void;
  /** What the browser can take, bits per second. */
  onCapacity(bps: number): void;
}

/** The media of a browser leg over its life: another peer connection of the same client gets a transport of its own. */
export class LegMedia {
  readonly #options: LegMediaOptions;
  #current: Promise<BrowserMedia>;
  #ownRouter: Router | undefined;
  #watch: MediaWatch | undefined;
  #isClosed = false;

  constructor(options: LegMediaOptions) {
    this.#options = options;
    this.#current = this.#make(options.router);
    // Whoever uses it gets the error; until then it is nobody's.
    this.#current.catch(() => undefined);
  }

  get current(): Promise<BrowserMedia> {
    return this.#current;
  }

  /** Both sides know each other's descriptions: from now on media have to come. */
  expect(): void {
    this.#watch?.start();
  }

  /** Gives up the transport for one that this offer can be answered with. */
  async replace(offer: BrowserDescription): Promise<BrowserMedia> {
    const old = await this.#current;
    this.#watch?.stop();
    old.close();
    const router = await this.#routerFor(offer);
    if (this.#isClosed) {
      this.#ownRouter?.close();
      throw new Error('the leg ended while it got another router');
    }
    this.#current = this.#make(router);
    return this.#current;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch?.stop();
    try {
      (await this.#current).close();
    } catch (error) {
      this.#options.log.debug({ err: error }, 'there was no transport to close');
    }
    this.#ownRouter?.close();
  }

  async #make(router: Router): Promise<BrowserMedia> {
    const { clock, trace, onUp, onLost, onFailed, onCapacity } = this.#options;
    const transport = await router.createBrowserTransport();
    const media = new BrowserMedia(router, transport);
    this.#watch = new MediaWatch({ transport, clock, trace, onLost, onFailed, onUp });
    transport.onReceiverEstimate(onCapacity);
    return media;
  }

  async #routerFor(offer: BrowserDescription): Promise<Router> {
    const { router, sfu } = this.#options;
    this.#ownRouter?.close();
    const fits = fitsRouter(offer, router.capabilities);
    this.#ownRouter = fits ? undefined : await sfu.createRouter(routerCodecs(offer.neutral));
    return this.#ownRouter ?? router;
  }
}
