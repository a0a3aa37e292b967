import type { types } from 'mediasoup';
import type { Codec, Direction, MediaKind, Source } from '../call/media.ts';
import type { IcePeerTransport, PeerFormat, RouterCapabilities, TransportStats } from '../ports/sfu.ts';
import { isSameCodec } from '../sdp/codecs.ts';
import { receives, sends } from '../sdp/directions.ts';
import type { MediasoupBrowserTransport } from './browser-transport.ts';
import type { Producers } from './producers.ts';
import { toPlainCapabilities, toUnsignalledParameters } from './rtp-parameters.ts';
import { consumerCounts, producerCounts } from './stats.ts';

export interface IcePeerParts {
  readonly transport: types.WebRtcTransport;
  /** Of this leg alone, by the peer's payload types; other routers are reached by pipes. */
  readonly router: types.Router;
  readonly capabilities: RouterCapabilities;
  readonly producers: Producers;
  /** The side of ICE and DTLS, which is the same as a browser's. */
  readonly secure: MediasoupBrowserTransport;
  onEnded(): void;
}

/** ICE and DTLS take so long at most, in ms. */
const connectMs = 15_000;

/**
 * One stream of a SIP peer with ICE and DTLS-SRTP. There is no relay here, so telephone events are not heard: they are
 * not agreed on, and digits go by INFO.
 */
export class MediasoupIcePeer implements IcePeerTransport {
  readonly #parts: IcePeerParts;
  #producer: { readonly inner: types.Producer; readonly source: Source } | undefined;
  #consumer: types.Consumer | undefined;
  #direction: Direction = 'sendrecv';
  #patience: NodeJS.Timeout | undefined;
  readonly #firstPacketListeners: (() => void)[] = [];
  readonly #closeListeners: ((reason: string) => void)[] = [];
  #isClosed = false;

  constructor(parts: IcePeerParts) {
    this.#parts = parts;
    parts.secure.onState((state, detail) => this.#follow(state, detail));
    parts.secure.onClosed((reason) => this.#ended(reason));
  }

  get ice(): IcePeerTransport['ice'] {
    return this.#parts.secure.ice;
  }

  get candidates(): IcePeerTransport['candidates'] {
    return this.#parts.secure.candidates;
  }

  get fingerprint(): IcePeerTransport['fingerprint'] {
    return this.#parts.secure.fingerprint;
  }

  get address(): string {
    return this.candidates[0]?.address ?? '0.0.0.0';
  }

  get port(): number {
    return this.candidates[0]?.port ?? 9;
  }

  async connect(dtls: Parameters<IcePeerTransport['connect']>[0]): Promise<void> {
    this.#patience = setTimeout(() => this.#ended('ICE and DTLS with the phone did not come about'), connectMs);
    await this.#parts.secure.connect(dtls);
  }

  setRemote(): void {
    // The peer is where its connectivity checks come from.
  }

  setSecurity(): void {
    // The keys come by DTLS.
  }

  async produce(kind: MediaKind, codec: Codec, _dtmf: Codec | undefined, format: PeerFormat = {}): Promise<Source> {
    const before = this.#producer;
    if (before?.source.codec.payloadType === codec.payloadType && !before.inner.closed) return before.source;
    before?.inner.close();
    const { transport, router, producers } = this.#parts;
    const inner = await transport.produce({ kind, rtpParameters: toUnsignalledParameters(kind, codec, format) });
    producers.add(inner, router);
    const source: Source = { kind, producerId: inner.id, codec };
    this.#producer = { inner, source };
    return source;
  }

  async consume(source: Source, codec: Codec): Promise<void> {
    const { transport, router, producers, capabilities } = this.#parts;
    const own = capabilities.codecs.filter((known) => isSameCodec(known, codec));
    const consumer = await transport.consume({
      producerId: await producers.reach(source.producerId, router),
      rtpCapabilities: toPlainCapabilities(source.kind, own),
    });
    this.#consumer?.close();
    this.#consumer = consumer;
    this.#aim();
  }

  setDirection(direction: Direction): void {
    this.#direction = direction;
    this.#aim();
  }

  async requestKeyFrame(): Promise<void> {
    await this.#consumer?.requestKeyFrame();
  }

  onKeyFrameWanted(): void {
    // Whoever speaks DTLS-SRTP understands feedback.
  }

  sendDtmf(): void {
    throw new Error('telephone events are not agreed on with ICE, expected INFO');
  }

  onDtmf(): void {
    // See above.
  }

  onFirstPacket(callback: () => void): void {
    this.#firstPacketListeners.push(callback);
  }

  onSilence(): void {
    // Consent of ICE tells, which `onClosed` passes on.
  }

  onClosed(callback: (reason: string) => void): void {
    this.#closeListeners.push(callback);
  }

  async stats(): Promise<TransportStats> {
    const [own, received, sent] = await Promise.all([
      this.#parts.secure.stats(),
      producerCounts([this.#producer?.inner ?? []].flat()),
      consumerCounts([this.#consumer ?? []].flat()),
    ]);
    const { packets, lost, ...jitter } = received;
    return {
      ...own,
      packetsIn: packets,
      packetsLost: lost,
      ...jitter,
      packetsOut: sent.packets,
      packetsLostOut: sent.lost,
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#patience);
    this.#parts.router.close();
    this.#parts.onEnded();
  }

  #aim(): void {
    const work = [
      sends(this.#direction) ? this.#consumer?.resume() : this.#consumer?.pause(),
      receives(this.#direction) ? this.#producer?.inner.resume() : this.#producer?.inner.pause(),
    ];
    Promise.all(work).catch((error: unknown) => this.#ended(`the media worker did not obey: ${String(error)}`));
  }

  #follow(state: 'up' | 'lost' | 'failed', detail: string): void {
    clearTimeout(this.#patience);
    if (state === 'up') for (const listener of this.#firstPacketListeners.splice(0)) listener();
    else this.#ended(`the phone is not reached any more (${detail})`);
  }

  #ended(reason: string): void {
    if (this.#isClosed) return;
    this.close();
    for (const listener of this.#closeListeners) listener(reason);
  }
}
