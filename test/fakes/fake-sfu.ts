import type { Codec, Direction, MediaKind, Source } from '../../media-edge/src/call/media.ts';
import type {
  BrowserTransport, Consumed, HeaderExtension, IceCandidate, PlainOptions, PlainTransport, Router, RouterCapabilities,
  SendParameters, Sfu, TransportStats,
} from '../../media-edge/src/ports/sfu.ts';

/** Subscribers of one event, and a way to tell them. */
class Listeners<Values extends readonly unknown[]> {
  readonly #callbacks: ((...values: Values) => void)[] = [];

  add(callback: (...values: Values) => void): void {
    this.#callbacks.push(callback);
  }

  tell(...values: Values): void {
    for (const callback of this.#callbacks) callback(...values);
  }
}

/** Ids, SSRCs and ports that never repeat within one `FakeSfu`. */
class Counter {
  #next = 1;

  take(): number {
    return this.#next++;
  }
}

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

export class FakeBrowserTransport implements BrowserTransport {
  readonly id: string;
  ice: { usernameFragment: string; password: string };
  readonly candidates: readonly IceCandidate[];
  readonly fingerprint = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') };
  /** What `connect` was given. */
  connected: { role: 'client' | 'server'; algorithm: string; fingerprint: string } | undefined;
  iceRestarts = 0;
  readonly produced: { readonly send: SendParameters; readonly source: Source; isClosed: boolean }[] = [];
  readonly consumed: { readonly source: Source; readonly receive: SendParameters; readonly consumed: Consumed;
    isClosed: boolean; isPaused: boolean }[] = [];
  readonly keyFrameRequests: string[] = [];
  maxIncomingBitrateBps: number | undefined;
  currentStats: TransportStats = emptyStats;
  isClosed = false;
  readonly #isUpAfterConnect: boolean;
  readonly #counter: Counter;
  readonly #state = new Listeners<[state: 'up' | 'lost' | 'failed', detail: string]>();
  readonly #estimate = new Listeners<[bps: number]>();
  readonly #closed = new Listeners<[reason: string]>();

  constructor(isUpAfterConnect: boolean, counter: Counter) {
    const number = counter.take();
    this.#isUpAfterConnect = isUpAfterConnect;
    this.#counter = counter;
    this.id = `browser-transport-${number}`;
    this.ice = { usernameFragment: `ufrag${number}`, password: `password-of-transport-${number}` };
    this.candidates = [
      { foundation: 'udpcandidate', priority: 1076302079, address: '192.0.2.1', port: 40000, protocol: 'udp' },
      { foundation: 'tcpcandidate', priority: 1076276479, address: '192.0.2.1', port: 40000, protocol: 'tcp' },
    ];
  }

  async connect(dtls: { role: 'client' | 'server'; algorithm: string; fingerprint: string }): Promise<void> {
    if (this.connected) throw new Error('connect called twice on one browser transport');
    this.connected = dtls;
    if (this.#isUpAfterConnect) queueMicrotask(() => this.tellState('up'));
  }

  async restartIce(): Promise<void> {
    this.iceRestarts += 1;
    const number = this.#counter.take();
    this.ice = { usernameFragment: `ufrag${number}`, password: `password-of-transport-${number}` };
  }

  async produce(send: SendParameters): Promise<Source> {
    const source: Source = { kind: send.kind, producerId: `producer-${this.#counter.take()}`, codec: send.codec };
    this.produced.push({ send, source, isClosed: false });
    return source;
  }

  closeProducer(producerId: string): void {
    const entry = this.produced.find((item) => item.source.producerId === producerId);
    if (entry) entry.isClosed = true;
  }

  async consume(source: Source, receive: SendParameters): Promise<Consumed> {
    const number = this.#counter.take();
    const consumed: Consumed = {
      consumerId: `consumer-${number}`, producerId: source.producerId, kind: source.kind, ssrc: 100_000 + number,
      cname: `cname-${number}`, ...(receive.rtxPayloadType === undefined ? {} : { rtxSsrc: 200_000 + number }),
    };
    this.consumed.push({ source, receive, consumed, isClosed: false, isPaused: false });
    return consumed;
  }

  closeConsumer(consumerId: string): void {
    const entry = this.consumed.find((item) => item.consumed.consumerId === consumerId);
    if (entry) entry.isClosed = true;
  }

  async pauseConsumer(consumerId: string, isPaused: boolean): Promise<void> {
    const entry = this.consumed.find((item) => item.consumed.consumerId === consumerId);
    if (!entry) throw new Error(`no consumer '${consumerId}' on this transport`);
    entry.isPaused = isPaused;
  }

  async requestKeyFrame(consumerId: string): Promise<void> {
    this.keyFrameRequests.push(consumerId);
  }

  async setMaxIncomingBitrate(bps: number): Promise<void> {
    this.maxIncomingBitrateBps = bps;
  }

  async stats(): Promise<TransportStats> {
    return this.currentStats;
  }

  onState(callback: (state: 'up' | 'lost' | 'failed', detail: string) => void): void {
    this.#state.add(callback);
  }

  onReceiverEstimate(callback: (bps: number) => void): void {
    this.#estimate.add(callback);
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closed.add(callback);
  }

  tellState(state: 'up' | 'lost' | 'failed', detail = `told by the test: ${state}`): void {
    if (!this.isClosed) this.#state.tell(state, detail);
  }

  tellReceiverEstimate(bps: number): void {
    this.#estimate.tell(bps);
  }

  tellClosed(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#closed.tell(reason);
  }

  close(): void {
    this.isClosed = true;
  }
}

export class FakePlainTransport implements PlainTransport {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly options: PlainOptions;
  /** Every `setRemote`, oldest first. */
  readonly remotes: { readonly address: string; readonly port: number; readonly rtcpPort: number }[] = [];
  readonly produced: { readonly kind: MediaKind; readonly codec: Codec; readonly dtmf: Codec | undefined;
    readonly source: Source }[] = [];
  readonly consumed: { readonly source: Source; readonly codec: Codec; readonly dtmf: Codec | undefined }[] = [];
  readonly directions: Direction[] = [];
  readonly sentDtmf: { readonly digit: string; readonly durationMs: number }[] = [];
  currentStats: TransportStats = emptyStats;
  isClosed = false;
  readonly #counter: Counter;
  readonly #dtmf = new Listeners<[digit: string, durationMs: number]>();
  readonly #firstPacket = new Listeners<[]>();
  readonly #silence = new Listeners<[silentMs: number]>();
  readonly #closed = new Listeners<[reason: string]>();

  constructor(options: PlainOptions, counter: Counter) {
    const number = counter.take();
    this.#counter = counter;
    this.id = `plain-transport-${number}`;
    this.options = options;
    this.address = options.address;
    this.port = 20_000 + 2 * number;
  }

  setRemote(remote: { address: string; port: number; rtcpPort: number }): void {
    this.remotes.push(remote);
  }

  async produce(kind: MediaKind, codec: Codec, dtmf: Codec | undefined): Promise<Source> {
    const before = this.produced.at(-1);
    const isSame = before?.codec.mimeType === codec.mimeType && before.codec.clockRate === codec.clockRate;
    const producerId = isSame ? before.source.producerId : `producer-${this.#counter.take()}`;
    const source: Source = { kind, producerId, codec };
    this.produced.push({ kind, codec, dtmf, source });
    return source;
  }

  async consume(source: Source, codec: Codec, dtmf: Codec | undefined): Promise<void> {
    this.consumed.push({ source, codec, dtmf });
  }

  setDirection(direction: Direction): void {
    this.directions.push(direction);
  }

  sendDtmf(digit: string, durationMs: number): void {
    this.sentDtmf.push({ digit, durationMs });
  }

  async stats(): Promise<TransportStats> {
    return this.currentStats;
  }

  onDtmf(callback: (digit: string, durationMs: number) => void): void {
    this.#dtmf.add(callback);
  }

  onFirstPacket(callback: () => void): void {
    this.#firstPacket.add(callback);
  }

  onSilence(callback: (silentMs: number) => void): void {
    this.#silence.add(callback);
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closed.add(callback);
  }

  tellDtmf(digit: string, durationMs: number): void {
    this.#dtmf.tell(digit, durationMs);
  }

  tellFirstPacket(): void {
    this.#firstPacket.tell();
  }

  tellSilence(silentMs: number): void {
    this.#silence.tell(silentMs);
  }

  tellClosed(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#closed.tell(reason);
  }

  close(): void {
    this.isClosed = true;
  }
}

const emptyStats: TransportStats = { packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0, packetsLost: 0 };

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
