import type { Codec, Direction, MediaKind, Source } from '../../call/media.ts';
import type { PeerNetworks } from '../../network/peer-networks.ts';
import type { Security } from '../../ports/relay.ts';
import type { IcePeerTransport, PlainTransport, Router } from '../../ports/sfu.ts';
import { isSameCodec } from '../../sdp/codecs.ts';
import { agreeOn } from '../../sdp/plain-answer.ts';
import type { PlainStream } from '../../sdp/plain-line.ts';
import type { PlainLine } from '../../sdp/plain-read.ts';
import type { SdesKey } from '../../sdp/sdes.ts';
import { flowing } from './held.ts';
import { MediaRefused, mediaAddress } from './media-address.ts';
import { type Encryption, OwnKeys } from './own-keys.ts';
import type { OwnStream, OwnStreams } from './own-streams.ts';
import { isSameSettled, type SettledCodec, settleCodec } from './settled-codec.ts';

export interface SipStreamOptions {
  readonly kind: MediaKind;
  readonly router: Router;
  /** The local address on the way to the peer, which is bound. */
  readonly address: string;
  readonly networks: PeerNetworks;
  readonly streams: OwnStreams;
  readonly isDialled: boolean;
  readonly encryption: Encryption;
  /** For a peer with ICE and DTLS-SRTP: its codecs, under its payload types. */
  readonly iceCodecs?: readonly Codec[] | undefined;
  /** Where the peer's signalling comes from, as far as known. */
  readonly peerAddress: () => string | undefined;
}

/** What a description of the peer comes to for one stream; nothing has changed yet. */
export interface StreamPlan {
  readonly settled: SettledCodec;
  readonly direction: Direction;
  readonly remote: PlainLine['remote'] | undefined;
  readonly security: Security | undefined;
  readonly line: PlainLine;
  /** Our key in an answer. */
  readonly key?: SdesKey;
}

/** One stream with a SIP peer, sound or picture: its transport, and what offers and answers have made of it. */
export class SipStream implements OwnStream {
  readonly kind: MediaKind;
  readonly transport: PlainTransport;
  readonly #options: SipStreamOptions;
  readonly #ice: IcePeerTransport | undefined;
  #isConnected = false;
  readonly #keys = new OwnKeys();
  #encryption: Encryption;
  #offered: readonly Codec[] = [];
  #plan: StreamPlan | undefined;
  #remote: PlainLine['remote'] | undefined;
  #ownSource: Source | undefined;
  #sentSource: Source | undefined;
  /** What the transport sends now: asking for the same again would interrupt it. */
  #sending: { readonly source: Source; readonly settled: SettledCodec } | undefined;

  private constructor(transport: PlainTransport, options: SipStreamOptions, ice?: IcePeerTransport) {
    this.kind = options.kind;
    this.transport = transport;
    this.#ice = ice;
    this.#options = options;
    this.#encryption = options.encryption;
    // The port of ICE is one for all, and no place that anybody may name.
    if (ice === undefined) options.streams.add(this);
  }

  static async open(options: SipStreamOptions): Promise<SipStream> {
    const { router, address, kind, iceCodecs } = options;
    const ice = iceCodecs && (await router.createIcePeer(iceCodecs));
    if (ice !== undefined) return new SipStream(ice, options, ice);
    return new SipStream(await router.createPlainTransport({ address, latch: true, media: kind }), options);
  }

  get port(): number {
    return this.transport.port;
  }

  get isDialled(): boolean {
    return this.#options.isDialled;
  }

  get remote(): OwnStream['remote'] {
    return this.#remote;
  }

  /** What the peer puts into the call, once that is settled. */
  get source(): Source | undefined {
    return this.#ownSource;
  }

  get settled(): SettledCodec | undefined {
    return this.#plan?.settled;
  }

  /** The codec in use and its events. */
  get codecs(): readonly Codec[] {
    const { settled } = this;
    return settled === undefined ? [] : [settled.codec, settled.dtmf ?? []].flat();
  }

  /** What the peer said last. */
  get peerLine(): PlainLine | undefined {
    return this.#plan?.line;
  }

  /** What our first offer asks for. */
  get encryption(): Encryption {
    return this.#encryption;
  }

  set encryption(encryption: Encryption) {
    this.#encryption = encryption;
  }

  /**
   * Our line in an offer. Once a codec is in use it is the only one.
   *
   * @param codecs of the other leg
   */
  offer(codecs: readonly Codec[], direction: Direction): PlainStream {
    const plan = this.#plan;
    this.#offered = plan === undefined ? codecs : this.codecs;
    return {
      kind: this.kind,
      port: this.port,
      protocol: plan?.line.protocol ?? (this.#encryption === 'only' ? 'RTP/SAVP' : 'RTP/AVP'),
      direction,
      codecs: this.#offered,
      dtls: this.#dtls('actpass'),
      keys: plan === undefined ? this.#keys.offer(this.#encryption) : this.#keys.offerAgain(plan.security),
      isRtcpMux: true,
    };
  }

  /**
   * Reads the peer's line in its answer to our last offer.
   *
   * @param ours the direction that we offered
   * @throws NoCommonCodec, MediaRefused
   */
  planAnswer(line: PlainLine, ours: Direction): StreamPlan {
    return {
      settled: settleCodec(line.media.codecs, this.#offered, this.settled?.codec),
      direction: flowing(ours, line.media.direction),
      remote: this.#remoteOf(line),
      security: this.#ice === undefined ? this.#checked(this.#keys.answered(line)) : undefined,
      line,
    };
  }

  /**
   * Reads the peer's line in an offer of its own.
   *
   * @param codecs of the other leg, where none is in use yet
   * @throws NoCommonCodec, MediaRefused
   */
  planOffer(line: PlainLine, codecs: readonly Codec[], wanted: Direction): StreamPlan {
    const { codec, dtmf, direction } = agreeOn(line, this.#plan === undefined ? codecs : this.codecs, wanted);
    const isByIce = line.dtls !== undefined;
    if (isByIce !== (this.#ice !== undefined))
      throw new MediaRefused('a call cannot change between ICE and plain RTP while it is up');
    const answer = isByIce ? undefined : this.#keys.answer(line);
    const security = isByIce ? undefined : this.#checked(answer?.security);
    return {
      settled: { codec, dtmf: isByIce ? undefined : dtmf },
      direction,
      remote: this.#remoteOf(line),
      security,
      line,
      key: answer?.key,
    };
  }

  /** Our line in the answer to the offer that this plan was made of. */
  answer({ settled, direction, line, key }: StreamPlan): PlainStream {
    return {
      kind: this.kind,
      port: this.port,
      protocol: line.protocol,
      direction,
      codecs: [settled.codec, settled.dtmf ?? []].flat(),
      keys: key === undefined ? [] : [key],
      dtls: this.#dtls(line.dtls?.setup === 'passive' ? 'active' : 'passive'),
      isRtcpMux: line.isRtcpMux,
    };
  }

  async adopt(plan: StreamPlan): Promise<void> {
    const { transport } = this;
    const { settled, remote, security, direction, line } = plan;
    this.#plan = plan;
    await this.#connect(line);
    transport.setSecurity(security);
    if (remote !== undefined) transport.setRemote(remote);
    this.#remote = remote ?? this.#remote;
    this.#ownSource = await transport.produce(this.kind, settled.codec, settled.dtmf, {
      feedback: line.feedback,
      // Phones that name one format by several numbers send by whichever they like.
      alsoPayloadTypes: this.#numbersOf(settled.codec, line),
      ssrc: line.ssrc,
    });
    transport.setDirection(direction);
    await this.#consume();
  }

  /** Sends this to the peer, now or as soon as a codec is settled. */
  async send(source: Source | undefined): Promise<void> {
    this.#sentSource = source;
    await this.#consume();
  }

  close(): void {
    this.#options.streams.remove(this);
    this.transport.close();
  }

  #dtls(setup: 'actpass' | 'active' | 'passive'): PlainStream['dtls'] {
    return this.#ice && { transport: this.#ice, setup };
  }

  async #connect({ dtls }: PlainLine): Promise<void> {
    if (this.#ice === undefined || this.#isConnected || dtls === undefined) return;
    this.#isConnected = true;
    const { algorithm, value } = dtls.fingerprint;
    const role = dtls.setup === 'passive' ? 'server' : 'client';
    await this.#ice.connect({ role, algorithm, fingerprint: value });
  }

  /** The peer sends by the numbers of its own answer, or by those of our offer that mean the same. */
  #numbersOf(codec: Codec, line: PlainLine): readonly number[] {
    const others = [...line.media.codecs, ...this.#offered].filter((other) => isSameCodec(other, codec));
    return others.map(({ payloadType }) => payloadType).filter((number) => number !== codec.payloadType);
  }

  #checked(security: Security | undefined): Security | undefined {
    if (security === undefined && this.#encryption === 'only')
      throw new MediaRefused('media without encryption is not taken here, expected RTP/SAVP with a key by SDES');
    return security;
  }

  /** @returns `undefined` for the old way of holding, which names no address */
  #remoteOf({ remote }: PlainLine): PlainLine['remote'] | undefined {
    if (this.#ice !== undefined || remote.address === '0.0.0.0' || remote.address === '::') return undefined;
    const { networks, streams, peerAddress } = this.#options;
    const there = { ...remote, address: mediaAddress(remote.address, peerAddress(), networks) };
    const refusal = streams.refusal(there, this);
    if (refusal !== undefined) throw new MediaRefused(refusal);
    return there;
  }

  async #consume(): Promise<void> {
    const source = this.#sentSource;
    const { settled } = this;
    if (source === undefined || settled === undefined) return;
    if (this.#sending?.source.producerId === source.producerId && isSameSettled(this.#sending.settled, settled)) return;
    this.#sending = { source, settled };
    await this.transport.consume(source, settled.codec, settled.dtmf);
  }
}
