import type { types } from 'mediasoup';
import type { Source } from '../call/media.ts';
import type { Log } from '../ports/log.ts';
import type {
  BrowserTransport,
  Consumed,
  IceCandidate,
  RouterCapabilities,
  SendParameters,
  TransportStats,
} from '../ports/sfu.ts';
import type { Producers } from './producers.ts';
import { ReceiverEstimate } from './receiver-estimate.ts';
import { toConsumerCapabilities, toProducerParameters } from './rtp-parameters.ts';
import { consumerCounts, producerCounts } from './stats.ts';

type TransportState = 'up' | 'lost' | 'failed';

export interface BrowserParts {
  readonly transport: types.WebRtcTransport;
  readonly router: types.Router;
  readonly capabilities: RouterCapabilities;
  readonly producers: Producers;
  readonly log: Log;
}

/** ICE, DTLS and RTP of one browser. */
export class MediasoupBrowserTransport implements BrowserTransport {
  readonly #transport: types.WebRtcTransport;
  readonly #router: types.Router;
  readonly #capabilities: RouterCapabilities;
  readonly #registry: Producers;
  readonly #producers = new Map<string, types.Producer>();
  readonly #consumers = new Map<string, types.Consumer>();
  readonly #stateListeners: ((state: TransportState, detail: string) => void)[] = [];
  readonly #estimateListeners: ((bps: number) => void)[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #state: TransportState | 'new' = 'new';
  readonly #estimate: ReceiverEstimate;

  constructor({ transport, router, capabilities, producers, log }: BrowserParts) {
    this.#transport = transport;
    this.#router = router;
    this.#capabilities = capabilities;
    this.#registry = producers;
    this.#estimate = new ReceiverEstimate(transport, log, (bps) => {
      for (const listener of this.#estimateListeners) listener(bps);
    });
    transport.on('icestatechange', () => this.#follow());
    transport.on('dtlsstatechange', () => this.#follow());
    // Either comes first when the worker dies; a transport that we close says neither.
    transport.on('listenserverclose', () => this.#ended());
    transport.on('routerclose', () => this.#ended());
  }

  get id(): string {
    return this.#transport.id;
  }

  get ice(): { usernameFragment: string; password: string } {
    const { usernameFragment, password } = this.#transport.iceParameters;
    return { usernameFragment, password };
  }

  get candidates(): readonly IceCandidate[] {
    return this.#transport.iceCandidates.map(({ foundation, priority, address, port, protocol }) => ({
      foundation,
      priority,
      address,
      port,
      protocol,
    }));
  }

  get fingerprint(): { algorithm: string; value: string } {
    const all = this.#transport.dtlsParameters.fingerprints;
    const { algorithm, value } = all.find((item) => item.algorithm === 'sha-256') ??
      all[0] ?? { algorithm: 'sha-256', value: '' };
    return { algorithm, value: value.toUpperCase() };
  }

  async connect(dtls: { role: 'client' | 'server'; algorithm: string; fingerprint: string }): Promise<void> {
    const { role, algorithm, fingerprint } = dtls;
    if (!isHash(algorithm)) throw new Error(`unknown fingerprint algorithm '${algorithm}'`);
    await this.#transport.connect({ dtlsParameters: { role, fingerprints: [{ algorithm, value: fingerprint }] } });
  }

  async restartIce(): Promise<void> {
    await this.#transport.restartIce();
  }

  async produce(send: SendParameters): Promise<Source> {
    const producer = await this.#transport.produce({ kind: send.kind, rtpParameters: toProducerParameters(send) });
    this.#producers.set(producer.id, producer);
    producer.observer.once('close', () => this.#producers.delete(producer.id));
    this.#registry.add(producer, this.#router);
    return { kind: send.kind, producerId: producer.id, codec: send.codec };
  }

  closeProducer(producerId: string): void {
    this.#producers.get(producerId)?.close();
  }

  async consume(source: Source, receive: SendParameters): Promise<Consumed> {
    const rtpCapabilities = toConsumerCapabilities(receive, this.#capabilities);
    const consumer = await this.#transport.consume({
      producerId: await this.#registry.reach(source.producerId, this.#router),
      rtpCapabilities,
      mid: receive.mid,
    });
    this.#consumers.set(consumer.id, consumer);
    consumer.observer.once('close', () => this.#consumers.delete(consumer.id));
    await this.#estimate.watch(consumer);
    return toConsumed(consumer, source, receive);
  }

  closeConsumer(consumerId: string): void {
    this.#consumers.get(consumerId)?.close();
  }

  async pauseConsumer(consumerId: string, isPaused: boolean): Promise<void> {
    const consumer = this.#consumers.get(consumerId);
    await (isPaused ? consumer?.pause() : consumer?.resume());
  }

  async requestKeyFrame(consumerId: string): Promise<void> {
    await this.#consumers.get(consumerId)?.requestKeyFrame();
  }

  async setMaxIncomingBitrate(bps: number): Promise<void> {
    await this.#transport.setMaxIncomingBitrate(bps);
  }

  async stats(): Promise<TransportStats> {
    const [[own], received, sent] = await Promise.all([
      this.#transport.getStats(),
      producerCounts([...this.#producers.values()]),
      consumerCounts([...this.#consumers.values()]),
    ]);
    const tuple = own?.iceSelectedTuple;
    return {
      packetsIn: received.packets,
      packetsLost: received.lost,
      packetsOut: sent.packets,
      packetsLostOut: sent.lost,
      ...(received.jitterMs === undefined ? {} : { jitterMs: received.jitterMs }),
      bytesIn: own?.rtpBytesReceived ?? 0,
      bytesOut: own?.rtpBytesSent ?? 0,
      ...(tuple === undefined ? {} : { remote: `${tuple.protocol} ${tuple.remoteIp ?? ''}:${tuple.remotePort ?? ''}` }),
    };
  }

  onState(callback: (state: TransportState, detail: string) => void): void {
    this.#stateListeners.push(callback);
  }

  onReceiverEstimate(callback: (bps: number) => void): void {
    this.#estimateListeners.push(callback);
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closeListeners.push(callback);
  }

  close(): void {
    this.#transport.close();
  }

  #ended(): void {
    for (const listener of this.#closeListeners.splice(0)) listener('media worker died');
  }

  #follow(): void {
    const { iceState, dtlsState } = this.#transport;
    const next = stateOf(iceState, dtlsState);
    if (next === undefined || next === this.#state || (next === 'lost' && this.#state === 'new')) return;
    this.#state = next;
    for (const listener of this.#stateListeners) listener(next, `ice ${iceState}, dtls ${dtlsState}`);
  }
}

/** `undefined` while it is being set up. */
function stateOf(ice: types.IceState, dtls: types.DtlsState): TransportState | undefined {
  if (dtls === 'failed') return 'failed';
  if (ice === 'disconnected' || ice === 'closed' || dtls === 'closed') return 'lost';
  return (ice === 'connected' || ice === 'completed') && dtls === 'connected' ? 'up' : undefined;
}

function toConsumed(consumer: types.Consumer, source: Source, receive: SendParameters): Consumed {
  const { encodings, rtcp, codecs } = consumer.rtpParameters;
  const [codec] = codecs;
  const ssrc = encodings?.[0]?.ssrc;
  if (ssrc === undefined || codec?.payloadType !== receive.codec.payloadType) {
    consumer.close();
    throw new Error(
      `the router sends ${receive.codec.mimeType} as payload type ${codec?.payloadType ?? 'none'}, the browser expects ${receive.codec.payloadType}`,
    );
  }
  const rtxSsrc = encodings?.[0]?.rtx?.ssrc;
  return {
    consumerId: consumer.id,
    producerId: source.producerId,
    kind: source.kind,
    ssrc,
    cname: rtcp?.cname ?? consumer.id,
    ...(rtxSsrc === undefined ? {} : { rtxSsrc }),
  };
}

const hashes: ReadonlySet<string> = new Set<types.FingerprintAlgorithm>([
  'sha-1',
  'sha-224',
  'sha-256',
  'sha-384',
  'sha-512',
]);
const isHash = (text: string): text is types.FingerprintAlgorithm => hashes.has(text);
