import { randomBytes } from 'node:crypto';
import type { types } from 'mediasoup';
import type { Codec, Direction, MediaKind, Source } from '../call/media.ts';
import type { Log } from '../ports/log.ts';
import type { RelayEvent, RelayLeg, RemoteAddress, Security } from '../ports/relay.ts';
import type { PeerFormat, PlainTransport, RouterCapabilities, TransportStats } from '../ports/sfu.ts';
import { isSameCodec } from '../sdp/codecs.ts';
import type { Producers } from './producers.ts';
import { toPlainCapabilities, toPlainProducerParameters } from './rtp-parameters.ts';
import { consumerCounts, producerCounts } from './stats.ts';

export interface PlainParts {
  /** The router of the call. */
  readonly router: types.Router;
  readonly capabilities: RouterCapabilities;
  /** The relay's sockets; they are closed with the transport. */
  readonly leg: RelayLeg;
  /** Where the leg is open. */
  readonly address: string;
  readonly producers: Producers;
  readonly log: Log;
  onEnded(): void;
}

/**
 * Plain RTP of one leg: the relay's sockets towards the peer, and a transport of the router on loopback behind them.
 * The peer has to know the relay's port only, so whatever needs the transport waits for it, and the INVITE does not.
 */
export class MediasoupPlainTransport implements PlainTransport {
  readonly #parts: PlainParts;
  readonly #inner: Promise<types.PlainTransport>;
  /** Of the stream from the relay to the router; the same for the life of the leg. */
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #producer: { readonly inner: types.Producer; readonly source: Source } | undefined;
  #consumer: types.Consumer | undefined;
  readonly #dtmfListeners: ((digit: string, durationMs: number) => void)[] = [];
  readonly #keyFrameListeners: (() => void)[] = [];
  readonly #firstPacketListeners: (() => void)[] = [];
  readonly #silenceListeners: ((silentMs: number) => void)[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #isClosed = false;

  constructor(parts: PlainParts) {
    this.#parts = parts;
    this.#inner = innerTransport(parts.router, parts.leg);
    parts.leg.listen((event) => this.#hear(event));
    this.#inner.then(
      // A transport that we close does not say this.
      (inner) => inner.on('routerclose', () => this.#ended('media worker died')),
      (error: unknown) => this.#ended(`no transport of the media worker: ${String(error)}`),
    );
  }

  get address(): string {
    return this.#parts.address;
  }

  get port(): number {
    return this.#parts.leg.port;
  }

  setRemote(remote: RemoteAddress): void {
    this.#parts.leg.setRemote(remote);
  }

  setSecurity(security: Security | undefined): void {
    this.#parts.leg.setSecurity(security);
  }

  async produce(
    kind: MediaKind,
    codec: Codec,
    dtmf: Codec | undefined,
    { feedback = [], alsoPayloadTypes = [] }: PeerFormat = {},
  ): Promise<Source> {
    const inside = routerCodec(this.#parts.capabilities, codec);
    this.#parts.leg.setInbound({
      ssrc: this.#ssrc,
      clockRate: codec.clockRate,
      payloadType: { outside: codec.payloadType, inside: inside.payloadType },
      ...(dtmf === undefined ? {} : { dtmf: { outside: dtmf.payloadType, clockRate: dtmf.clockRate } }),
      ...(alsoPayloadTypes.length > 0 ? { alsoOutside: alsoPayloadTypes } : {}),
      ...(kind === 'video' && !feedback.some(isPictureRequest) ? { isDeafToFeedback: true } : {}),
    });
    const before = this.#producer;
    if (before !== undefined && !before.inner.closed && before.source.codec.payloadType === inside.payloadType)
      return before.source;
    before?.inner.close();
    const inner = await this.#inner;
    const rtpParameters = toPlainProducerParameters(inside, this.#ssrc, usedFeedback(kind, feedback));
    const producer = await inner.produce({ kind, rtpParameters });
    this.#parts.producers.add(producer, this.#parts.router);
    const source: Source = { kind, producerId: producer.id, codec: inside };
    this.#producer = { inner: producer, source };
    return source;
  }

  async consume(source: Source, codec: Codec, dtmf: Codec | undefined): Promise<void> {
    const { capabilities, producers, router } = this.#parts;
    const inside = routerCodec(capabilities, codec);
    const insideDtmf = capabilities.codecs.filter(isEvents);
    const inner = await this.#inner;
    const consumer = await inner.consume({
      producerId: await producers.reach(source.producerId, router),
      rtpCapabilities: toPlainCapabilities(source.kind, [inside, ...insideDtmf]),
    });
    this.#consumer?.close();
    this.#consumer = consumer;
    const used = consumer.rtpParameters.codecs.find((item) => /\/telephone-event$/i.test(item.mimeType));
    this.#parts.leg.setOutbound({
      clockRate: codec.clockRate,
      payloadType: { outside: codec.payloadType, inside: inside.payloadType },
      ...(dtmf === undefined
        ? {}
        : {
            dtmf: {
              outside: dtmf.payloadType,
              clockRate: dtmf.clockRate,
              ...(used === undefined ? {} : { inside: { payloadType: used.payloadType, clockRate: used.clockRate } }),
            },
          }),
    });
  }

  setDirection(direction: Direction): void {
    this.#parts.leg.setDirection(direction);
  }

  async requestKeyFrame(): Promise<void> {
    await this.#consumer?.requestKeyFrame();
  }

  onKeyFrameWanted(callback: () => void): void {
    this.#keyFrameListeners.push(callback);
  }

  sendDtmf(digit: string, durationMs: number): void {
    this.#parts.leg.sendDtmf(digit, durationMs);
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
    const [counts, { packets: _, lost: __, ...jitter }, sent] = await Promise.all([
      this.#parts.leg.stats(),
      producerCounts([this.#producer?.inner ?? []].flat()),
      consumerCounts([this.#consumer ?? []].flat()),
    ]);
    const { packetsIn, packetsOut, bytesIn, bytesOut, packetsLost, remote } = counts;
    return {
      ...jitter,
      packetsLostOut: sent.lost,
      packetsIn,
      packetsOut,
      bytesIn,
      bytesOut,
      packetsLost,
      ...(remote === undefined ? {} : { remote: `udp ${remote.address}:${remote.port}` }),
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts.leg.close();
    this.#inner.then(
      (inner) => inner.close(),
      (error: unknown) => this.#parts.log.debug({ error: String(error) }, 'there was no plain transport to close'),
    );
    this.#parts.onEnded();
  }

  #ended(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    for (const listener of this.#closeListeners) listener(reason);
  }

  #hear(event: RelayEvent): void {
    switch (event.kind) {
      case 'firstPacket':
        for (const listener of this.#firstPacketListeners) listener();
        return;
      case 'keyFrameWanted':
        for (const listener of this.#keyFrameListeners) listener();
        return;
      case 'dtmf':
        for (const listener of this.#dtmfListeners) listener(event.digit, event.durationMs);
        return;
      case 'silence':
        for (const listener of this.#silenceListeners) listener(event.silentMs);
        return;
      case 'closed':
        return this.#ended(event.reason);
      default:
        return event satisfies never;
    }
  }
}

/** A transport of the router on loopback that hears nobody but this leg. */
async function innerTransport(router: types.Router, leg: RelayLeg): Promise<types.PlainTransport> {
  const inner = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    rtcpMux: true,
    comedia: false,
  });
  await inner.connect({ ip: '127.0.0.1', port: leg.insidePort });
  leg.setInside(inner.tuple.localPort);
  return inner;
}

/** @throws Error if the router was made without this codec */
function routerCodec(capabilities: RouterCapabilities, codec: Codec): Codec {
  const found = capabilities.codecs.find((own) => isSameCodec(own, codec));
  if (found === undefined) throw new Error(`the router of this call has no ${codec.mimeType}`);
  return found;
}

const isPictureRequest = (feedback: string): boolean => feedback === 'nack pli' || feedback === 'ccm fir';

/**
 * What the peer of a picture is asked by RTCP: for lost packets if it takes that, and for whole pictures always, by the
 * message that it knows. Many phones follow it though their description is silent about it.
 */
function usedFeedback(kind: MediaKind, feedback: readonly string[]): string[] {
  if (kind === 'audio') return [];
  const isFirOnly = feedback.includes('ccm fir') && !feedback.includes('nack pli');
  return [...feedback.filter((value) => value === 'nack'), isFirOnly ? 'ccm fir' : 'nack pli'];
}

const isEvents = (codec: Codec): boolean => codec.mimeType.toLowerCase() === 'audio/telephone-event';
