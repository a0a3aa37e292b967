import type { types } from 'mediasoup';
import type { Codec } from '../call/media.ts';
import type { Log } from '../ports/log.ts';
import type { Relay } from '../ports/relay.ts';
import type { PlainOptions, Router, RouterCapabilities } from '../ports/sfu.ts';
import { MediasoupBrowserTransport } from './browser-transport.ts';
import { MediasoupIcePeer } from './ice-peer-transport.ts';
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
  /** Another router in a worker of its choice. */
  createRouter(codecs: readonly Codec[]): Promise<MediasoupRouter>;
}

/** The media of one call. */
export class MediasoupRouter implements Router {
  readonly capabilities: RouterCapabilities;
  readonly #parts: RouterParts;
  readonly #transports = new Set<MediasoupBrowserTransport | MediasoupIcePeer | MediasoupPlainTransport>();
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
    return (await this.#createWebRtc()).secure;
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

  async createIcePeer(codecs: readonly Codec[]): Promise<MediasoupIcePeer> {
    const own = await this.#parts.createRouter(codecs);
    const peer = await own.newIcePeer(() => this.#transports.delete(peer));
    this.#transports.add(peer);
    return peer;
  }

  /** @param onEnded this router is closed with it */
  async newIcePeer(onEnded: () => void): Promise<MediasoupIcePeer> {
    const { router, producers, capabilities } = this.#parts;
    const { transport, secure } = await this.#createWebRtc();
    return new MediasoupIcePeer({ transport, secure, router, producers, capabilities, onEnded });
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

  async #createWebRtc(): Promise<{ transport: types.WebRtcTransport; secure: MediasoupBrowserTransport }> {
    const { router, server, capabilities, producers, iceConsentTimeoutSec, log } = this.#parts;
    const transport = await router.createWebRtcTransport({
      webRtcServer: server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      iceConsentTimeout: iceConsentTimeoutSec,
      initialAvailableOutgoingBitrate: 1_000_000,
    });
    const secure = new MediasoupBrowserTransport({ transport, router, capabilities, producers, log });
    this.#transports.add(secure);
    transport.observer.once('close', () => this.#transports.delete(secure));
    return { transport, secure };
  }

  #died(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of this.#closeListeners) listener(reason);
  }
}
