import { randomBytes } from 'node:crypto';
import type { types } from 'mediasoup';
import type { Codec, Direction, MediaKind, Source } from '../call/media.ts';
import type { RelayEvent, RelayLeg, RemoteAddress } from '../ports/relay.ts';
import type { PlainTransport, RouterCapabilities, TransportStats } from '../ports/sfu.ts';
import type { Producers } from './producers.ts';
import { toPlainCapabilities, toPlainProducerParameters } from './rtp-parameters.ts';

/** The router as a plain transport needs it. */
export interface PlainHome {
  readonly inner: types.Router;
  readonly capabilities: RouterCapabilities;
}

interface Sent {
  readonly source: Source;
  readonly codec: Codec;
  readonly dtmf: Codec | undefined;
}

/** Plain RTP of one leg: the relay's sockets towards the peer, and a transport of the router on loopback behind them. */
export class MediasoupPlainTransport implements PlainTransport {
  readonly id: string;
  readonly address: string;
  readonly #leg: RelayLeg;
  readonly #registry: Producers;
  readonly #onEnded: () => void;
  /** Of the stream from the relay to the router; the same for the life of the leg. */
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #home: PlainHome;
  #inner: types.PlainTransport;
  #producer: { readonly inner: types.Producer; readonly source: Source } | undefined;
  #consumer: types.Consumer | undefined;
  readonly #dtmfListeners: ((digit: string, durationMs: number) => void)[] = [];
  readonly #firstPacketListeners: (() => void)[] = [];
  readonly #silenceListeners: ((silentMs: number) => void)[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #isClosed = false;

  static async open(home: PlainHome, leg: RelayLeg, address: string, registry: Producers, onEnded: () => void): Promise<MediasoupPlainTransport> {
    try {
      return new MediasoupPlainTransport(home, await innerTransport(home.inner, leg), leg, address, registry, onEnded);
    } catch (error) {
      leg.close();
      throw error;
    }
  }

  private constructor(home: PlainHome, inner: types.PlainTransport, leg: RelayLeg, address: string, registry: Producers, onEnded: () => void) {
    this.id = inner.id;
    this.address = address;
    this.#home = home;
    this.#inner = inner;
    this.#leg = leg;
    this.#registry = registry;
    this.#onEnded = onEnded;
    leg.listen((event) => this.#hear(event));
  }

  get port(): number {
    return this.#leg.port;
  }

  setRemote(remote: RemoteAddress): void {
    this.#leg.setRemote(remote);
  }

  async produce(kind: MediaKind, codec: Codec, dtmf: Codec | undefined): Promise<Source> {
    const inside = routerCodec(this.#home.capabilities, codec);
    this.#leg.setInbound({
      ssrc: this.#ssrc, clockRate: codec.clockRate, payloadType: { outside: codec.payloadType, inside: inside.payloadType },
      ...(dtmf === undefined ? {} : { dtmf: { outside: dtmf.payloadType, clockRate: dtmf.clockRate } }),
    });
    const before = this.#producer;
    if (before !== undefined && !before.inner.closed && before.source.codec.payloadType === inside.payloadType) return before.source;
    before?.inner.close();
    const producer = await this.#inner.produce({ kind, rtpParameters: toPlainProducerParameters(inside, this.#ssrc) });
    this.#registry.add(producer, this.#home.inner);
    const source: Source = { kind, producerId: producer.id, codec: inside };
    this.#producer = { inner: producer, source };
    return source;
  }

  async consume(source: Source, codec: Codec, dtmf: Codec | undefined): Promise<void> {
    const { capabilities, inner } = this.#home;
    const inside = routerCodec(capabilities, codec);
    const insideDtmf = capabilities.codecs.filter(isEvents);
    const consumer = await this.#inner.consume({
      producerId: await this.#registry.reach(source.producerId, inner),
      rtpCapabilities: toPlainCapabilities(source.kind, [inside, ...insideDtmf]),
    });
    this.#consumer?.close();
    this.#consumer = consumer;
    const used = consumer.rtpParameters.codecs.find((item) => /\/telephone-event$/i.test(item.mimeType));
    this.#leg.setOutbound({
      clockRate: codec.clockRate, payloadType: { outside: codec.payloadType, inside: inside.payloadType },
      ...(dtmf === undefined ? {} : {
        dtmf: {
          outside: dtmf.payloadType, clockRate: dtmf.clockRate,
          ...(used === undefined ? {} : { inside: { payloadType: used.payloadType, clockRate: used.clockRate } }),
        },
      }),
    });
  }

  setDirection(direction: Direction): void {
    this.#leg.setDirection(direction);
  }

  sendDtmf(digit: string, durationMs: number): void {
    this.#leg.sendDtmf(digit, durationMs);
  }

  onDtmf(callback: (digit: string, durationMs: number) => void): void {
    this.#dtmfListeners.push(callback);
  }

  onFirstPacket(callback: () => void): void {
    this.#firstPacketListeners.push(callback);
  }

  onSilence(callback: (silentMs: number) => void): void {
    this.#silenceListeners.push(callback);
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closeListeners.push(callback);
  }

  async stats(): Promise<TransportStats> {
    const { packetsIn, packetsOut, bytesIn, bytesOut, packetsLost, remote } = await this.#leg.stats();
    return {
      packetsIn, packetsOut, bytesIn, bytesOut, packetsLost,
      ...(remote === undefined ? {} : { remote: `udp ${remote.address}:${remote.port}` }),
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leg.close();
    this.#inner.close();
    this.#onEnded();
  }

  /** The router went away, by itself or with its worker; or the relay did. */
  ended(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    for (const listener of this.#closeListeners) listener(reason);
  }

  #hear(event: RelayEvent): void {
    switch (event.kind) {
      case 'firstPacket': return this.#firstPacketListeners.forEach((listener) => listener());
      case 'dtmf': return this.#dtmfListeners.forEach((listener) => listener(event.digit, event.durationMs));
      case 'silence': return this.#silenceListeners.forEach((listener) => listener(event.silentMs));
      case 'closed': return this.ended(event.reason);
      default: return event satisfies never;
    }
  }
}

/** A transport of the router on loopback that hears nobody but this leg. */
async function innerTransport(router: types.Router, leg: RelayLeg): Promise<types.PlainTransport> {
  const inner = await router.createPlainTransport({ listenInfo: { protocol: 'udp', ip: '127.0.0.1' }, rtcpMux: true, comedia: false });
  await inner.connect({ ip: '127.0.0.1', port: leg.insidePort });
  leg.setInside(inner.tuple.localPort);
  return inner;
}

/** @throws Error if the router was made without this codec */
function routerCodec(capabilities: RouterCapabilities, codec: Codec): Codec {
  const found = capabilities.codecs.find((own) => own.mimeType.toLowerCase() === codec.mimeType.toLowerCase()
    && own.clockRate === codec.clockRate && (own.channels ?? 1) === (codec.channels ?? 1));
  if (found === undefined) throw new Error(`the router of this call has no ${codec.mimeType}`);
  return found;
}

const isEvents = (codec: Codec): boolean => codec.mimeType.toLowerCase() === 'audio/telephone-event';
