import type { Codec } from '../../media-edge/src/call/media.ts';
import type { HeaderExtension, PlainOptions, Router, RouterCapabilities, Sfu } from '../../media-edge/src/ports/sfu.ts';
import { FakeBrowserTransport } from './fake-browser-transport.ts';
import { FakeIcePeer } from './fake-ice-peer.ts';
import { FakePlainTransport } from './fake-plain-transport.ts';
import { Counter, Listeners } from './fake-sfu-parts.ts';

export { FakeBrowserTransport } from './fake-browser-transport.ts';
export { FakePlainTransport } from './fake-plain-transport.ts';

export interface FakeSfuOptions {
  /** True (default): a browser transport says `up` right after `connect`. */
  readonly isUpAfterConnect?: boolean;
}

/**
 * A media plane without media: it remembers all that it was told, in plain arrays,
 * and lets a test say what the network would (`transport.tellState('lost')`, `plain.tellDtmf('5', 160)`).
 */
export class FakeSfu implements Sfu {
  readonly routers: FakeRouter[] = [];
  readonly #options: FakeSfuOptions;
  readonly #counter = new Counter();
  load = 0;
  isClosed = false;
  /** Set to make the next `createRouter` fail, as when every media worker is down. */
  failure: Error | undefined;

  constructor(options: FakeSfuOptions = {}) {
    this.#options = options;
  }

  async createRouter(codecs: readonly Codec[]): Promise<FakeRouter> {
    if (this.failure) throw this.failure;
    const router = new FakeRouter(codecs, this.#options.isUpAfterConnect ?? true, this.#counter);
    this.routers.push(router);
    return router;
  }

  cpuLoad(): number {
    return this.load;
  }

  /** The worker below every open router dies. */
  killWorker(): void {
    for (const router of this.routers) router.die('media worker died');
  }

  close(): void {
    this.isClosed = true;
    for (const router of this.routers) router.close();
  }
}

export class FakeRouter implements Router {
  readonly id: string;
  readonly capabilities: RouterCapabilities;
  readonly browserTransports: FakeBrowserTransport[] = [];
  readonly plainTransports: FakePlainTransport[] = [];
  isClosed = false;
  readonly #isUpAfterConnect: boolean;
  readonly #counter: Counter;
  readonly #closed = new Listeners<[reason: string]>();

  constructor(codecs: readonly Codec[], isUpAfterConnect: boolean, counter: Counter) {
    this.#isUpAfterConnect = isUpAfterConnect;
    this.#counter = counter;
    this.id = `router-${counter.take()}`;
    this.capabilities = { codecs, rtxPayloadTypes: rtxPayloadTypes(codecs), headerExtensions };
  }

  async createBrowserTransport(): Promise<FakeBrowserTransport> {
    const transport = new FakeBrowserTransport(this.#isUpAfterConnect, this.#counter);
    this.browserTransports.push(transport);
    return transport;
  }

  async createIcePeer(): Promise<FakeIcePeer> {
    const transport = new FakeIcePeer({ address: '192.0.2.1', latch: false }, this.#counter);
    this.plainTransports.push(transport);
    return transport;
  }

  async createPlainTransport(options: PlainOptions): Promise<FakePlainTransport> {
    const transport = new FakePlainTransport(options, this.#counter);
    this.plainTransports.push(transport);
    return transport;
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closed.add(callback);
  }

  die(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const transport of [...this.browserTransports, ...this.plainTransports]) transport.tellClosed(reason);
    this.#closed.tell(reason);
  }

  close(): void {
    this.isClosed = true;
    for (const transport of [...this.browserTransports, ...this.plainTransports]) transport.close();
  }
}

/** The extensions that the real router writes, under its own ids. */
const headerExtensions: readonly HeaderExtension[] = [
  { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 },
  { kind: 'video', uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1 },
  { kind: 'audio', uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', id: 4 },
  { kind: 'video', uri: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', id: 4 },
  { kind: 'video', uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', id: 5 },
  { kind: 'audio', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level', id: 6 },
  { kind: 'video', uri: 'urn:3gpp:video-orientation', id: 8 },
];

/** One free dynamic payload type for each video codec. */
function rtxPayloadTypes(codecs: readonly Codec[]): ReadonlyMap<number, number> {
  const taken = new Set(codecs.map((codec) => codec.payloadType));
  const free = Array.from({ length: 32 }, (_, index) => 96 + index).filter((type) => !taken.has(type));
  const video = codecs.filter((codec) => codec.mimeType.toLowerCase().startsWith('video/'));
  const pairs = video.map((codec, index): [number, number | undefined] => [codec.payloadType, free[index]]);
  return new Map(pairs.flatMap(([type, rtx]) => (rtx === undefined ? [] : [[type, rtx]])));
}
