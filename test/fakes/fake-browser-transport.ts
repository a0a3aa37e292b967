import type { Source } from '../../media-edge/src/call/media.ts';
import type {
  BrowserTransport,
  Consumed,
  IceCandidate,
  SendParameters,
  TransportStats,
} from '../../media-edge/src/ports/sfu.ts';
import { type Counter, emptyStats, Listeners } from './fake-sfu-parts.ts';

export class FakeBrowserTransport implements BrowserTransport {
  readonly id: string;
  ice: { usernameFragment: string; password: string };
  readonly candidates: readonly IceCandidate[];
  readonly fingerprint = { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') };
  /** What `connect` was given. */
  connected: { role: 'client' | 'server'; algorithm: string; fingerprint: string } | undefined;
  iceRestarts = 0;
  readonly produced: { readonly send: SendParameters; readonly source: Source; isClosed: boolean }[] = [];
  readonly consumed: {
    readonly source: Source;
    readonly receive: SendParameters;
    readonly consumed: Consumed;
    isClosed: boolean;
    isPaused: boolean;
  }[] = [];
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
      consumerId: `consumer-${number}`,
      producerId: source.producerId,
      kind: source.kind,
      ssrc: 100_000 + number,
      cname: `cname-${number}`,
      ...(receive.rtxPayloadType === undefined ? {} : { rtxSsrc: 200_000 + number }),
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
