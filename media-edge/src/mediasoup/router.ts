import type { types } from 'mediasoup';
import type { Log } from '../ports/log.ts';
import type { Relay } from '../ports/relay.ts';
import type { PlainOptions, Router, RouterCapabilities } from '../ports/sfu.ts';
import { MediasoupBrowserTransport } from './browser-transport.ts';
import { MediasoupPlainTransport } from './plain-transport.ts';
import type { Producers } from './producers.ts';

export interface RouterParts {
  readonly router: types.Router;
  readonly server: types.WebRtcServer;
  readonly capabilities: RouterCapabilities;
  readonly producers: Producers;
  readonly relay: Relay;
  readonly log: Log;
  /** See `MediasoupSfuOptions`. */
  readonly iceConsentTimeoutSec: number;
}

/** The media of one call. */
export class MediasoupRouter implements Router {
  readonly capabilities: RouterCapabilities;
  readonly #parts: RouterParts;
  readonly #transports = new Set<MediasoupBrowserTransport | MediasoupPlainTransport>();
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #isClosed = false;

  constructor(parts: RouterParts) {
    this.#parts = parts;
    this.capabilities = parts.capabilities;
    parts.router.on('workerclose', () => this.#died('media worker died'));
  }

  get id(): string {
    return this.#parts.router.id;
  }

  async createBrowserTransport(): Promise<MediasoupBrowserTransport> {
    const { router, server, capabilities, producers, iceConsentTimeoutSec, log } = this.#parts;
    const inner = await router.createWebRtcTransport({
      webRtcServer: server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: iceConsentTimeoutSec,
      initialAvailableOutgoingBitrate: 1_000_000,
    });
    const transport = new MediasoupBrowserTransport({ transport: inner, router, capabilities, producers, log });
    this.#transports.add(transport);
    inner.observer.once('close', () => this.#transports.delete(transport));
    return transport;
  }

  async createPlainTransport(options: PlainOptions): Promise<MediasoupPlainTransport> {
    const { relay, producers, router, capabilities, log } = this.#parts;
    const transport = new MediasoupPlainTransport({
      router,
      capabilities,
      producers,
      log,
      leg: await relay.open(options),
      address: options.address,
      onEnded: () => this.#transports.delete(transport),
    });
    this.#transports.add(transport);
    return transport;
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closeListeners.push(callback);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const transport of [...this.#transports]) transport.close();
    this.#parts.router.close();
  }

  #died(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of this.#closeListeners) listener(reason);
  }
}
