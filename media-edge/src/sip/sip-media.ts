import { randomInt } from 'node:crypto';
import type { Codec, Direction, Source } from '../call/media.ts';
import type { PeerNetworks } from '../network/peer-networks.ts';
import type { PlainTransport, Router } from '../ports/sfu.ts';
import { isForSip } from '../sdp/codecs.ts';
import { writePlainAnswer } from '../sdp/plain-answer.ts';
import { nextVersion, writePlainOffer } from '../sdp/plain-offer.ts';
import { type PlainDescription, type PlainLine, readPlainDescription, usedPlainLine } from '../sdp/plain-read.ts';
import { afterAnswer, afterOffer, flowing, type Held, nobodyHeld, offeredDirection, wantedDirection } from './held.ts';
import { MediaRefused, mediaAddress } from './media-address.ts';
import type { OwnStream, OwnStreams } from './own-streams.ts';
import { isSameSettled, type SettledCodec, settleCodec } from './settled-codec.ts';

export interface SipMediaOptions {
  readonly router: Router;
  /** The local address on the way to the peer, which is bound. */
  readonly address: string;
  /** What the peer is told instead of it: the public address, where a NAT is between. */
  readonly announced: string;
  readonly networks: PeerNetworks;
  readonly streams: OwnStreams;
  /** True if the INVITE is ours. */
  readonly isDialled: boolean;
  /** Where the peer's signalling comes from, as far as known. */
  readonly peerAddress: () => string | undefined;
}

/** The plain RTP of one SIP leg: its transport, and what offers and answers have made of it. */
export class SipMedia implements OwnStream {
  readonly transport: PlainTransport;
  readonly #options: SipMediaOptions;
  readonly #sessionId = String(randomInt(2 ** 47));
  #lastSent: { sdp: string; version: number } | undefined;
  #offered: readonly Codec[] = [];
  /** What our last offer said; the peer answers that, whatever is wanted meanwhile. */
  #offeredDirection: Direction = 'sendrecv';
  #settled: SettledCodec | undefined;
  /** The m-lines of the session, which keep their places (RFC 3264 s. 8). */
  #lines: PlainDescription['lines'] | undefined;
  #held: Held = nobodyHeld;
  #remote: PlainLine['remote'] | undefined;
  #ownSource: Source | undefined;
  #sentSource: Source | undefined;
  /** What the transport sends now: asking for the same again would interrupt it. */
  #sending: { readonly source: Source; readonly settled: SettledCodec } | undefined;

  private constructor(transport: PlainTransport, options: SipMediaOptions) {
    this.transport = transport;
    this.#options = options;
    options.streams.add(this);
  }

  static async open(options: SipMediaOptions): Promise<SipMedia> {
    const transport = await options.router.createPlainTransport({ address: options.address, latch: true });
    return new SipMedia(transport, options);
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

  get held(): Held {
    return this.#held;
  }

  /** What the peer puts into the call, once that is settled. */
  get sources(): readonly Source[] {
    return this.#ownSource === undefined ? [] : [this.#ownSource];
  }

  /** The codec in use and its telephone events, most wanted first: all that the other leg may answer. */
  get codecs(): readonly Codec[] {
    return this.#settled === undefined ? [] : [this.#settled.codec, this.#settled.dtmf ?? []].flat();
  }

  get #stream(): { readonly address: string; readonly port: number } {
    const { address, port } = this.transport;
    // The transport may know better what to tell, where it was not bound as asked.
    return { address: address === this.#options.address ? this.#options.announced : address, port };
  }

  get canSendDtmf(): boolean {
    return this.#settled?.dtmf !== undefined;
  }

  /** @returns true if this is new */
  holdPeer(isHeld: boolean): boolean {
    const isNew = this.#held.byUs !== isHeld;
    this.#held = { ...this.#held, byUs: isHeld };
    return isNew;
  }

  /**
   * Our next offer. Once a codec is in use it is the only one.
   *
   * @param codecs of the other leg
   * @throws NoCommonCodec when SIP has none of them
   */
  writeOffer(codecs: readonly Codec[]): string {
    this.#offered = this.#settled === undefined ? codecs.filter(isForSip) : this.codecs;
    this.#offeredDirection = offeredDirection(this.#held);
    const lines = this.#lines;
    return this.#write((version) =>
      writePlainOffer({
        codecs: this.#offered,
        direction: this.#offeredDirection,
        stream: this.#stream,
        session: { id: this.#sessionId, version },
        ...(lines === undefined ? {} : { lines }),
      }),
    );
  }

  /**
   * Takes the peer's answer to the last offer.
   *
   * @throws SdpError, NoCommonCodec, MediaRefused: nothing has changed then
   */
  async takeAnswer(sdp: string): Promise<void> {
    const description = readPlainDescription(sdp);
    const line = usedLine(description);
    const settled = settleCodec(line.media.codecs, this.#offered, this.#settled?.codec);
    const ours = this.#offeredDirection;
    await this.#adopt(line, settled, flowing(ours, line.media.direction));
    this.#lines = description.lines;
    this.#held = afterAnswer(this.#held, ours, line.media.direction);
  }

  /**
   * Answers an offer of the peer.
   *
   * @param codecs of the other leg, where none is in use yet
   * @throws SdpError, NoCommonCodec, MediaRefused: nothing has changed then
   */
  async answerOffer(offer: PlainDescription, codecs: readonly Codec[]): Promise<string> {
    const line = usedLine(offer);
    const write = (version: number) =>
      writePlainAnswer({
        offer,
        codecs: this.#settled === undefined ? codecs : this.codecs,
        direction: wantedDirection(this.#held),
        stream: this.#stream,
        session: { id: this.#sessionId, version },
      });
    const agreed = write(1);
    await this.#adopt(line, agreed, agreed.direction);
    this.#lines = offer.lines;
    this.#held = afterOffer(this.#held, line.media.direction);
    return this.#write((version) => write(version).sdp);
  }

  /** Sends these to the peer, now or as soon as a codec is settled. */
  async send(sources: readonly Source[]): Promise<void> {
    this.#sentSource = sources.find((source) => source.kind === 'audio');
    await this.#consume();
  }

  close(): void {
    this.#options.streams.remove(this);
    this.transport.close();
  }

  #write(print: (version: number) => string): string {
    this.#lastSent = nextVersion(this.#lastSent, print);
    return this.#lastSent.sdp;
  }

  async #adopt(line: PlainLine, settled: SettledCodec, direction: Direction): Promise<void> {
    const remote = this.#remoteOf(line);
    if (remote !== undefined) this.transport.setRemote(remote);
    this.#remote = remote ?? this.#remote;
    this.#settled = { codec: settled.codec, dtmf: settled.dtmf };
    this.#ownSource = await this.transport.produce('audio', settled.codec, settled.dtmf);
    this.transport.setDirection(direction);
    await this.#consume();
  }

  /** @returns `undefined` for the old way of holding, which names no address */
  #remoteOf({ remote }: PlainLine): PlainLine['remote'] | undefined {
    if (remote.address === '0.0.0.0' || remote.address === '::') return undefined;
    const { networks, streams, peerAddress } = this.#options;
    const there = { ...remote, address: mediaAddress(remote.address, peerAddress(), networks) };
    const refusal = streams.refusal(there, this);
    if (refusal !== undefined) throw new MediaRefused(refusal);
    return there;
  }

  async #consume(): Promise<void> {
    const source = this.#sentSource;
    const settled = this.#settled;
    if (source === undefined || settled === undefined) return;
    if (this.#sending?.source.producerId === source.producerId && isSameSettled(this.#sending.settled, settled)) return;
    this.#sending = { source, settled };
    await this.transport.consume(source, settled.codec, settled.dtmf);
  }
}

function usedLine(description: PlainDescription): PlainLine {
  const line = usedPlainLine(description, 'audio');
  if (line !== undefined) return line;
  const reasons = description.lines.flatMap(({ refusal }) => refusal ?? []);
  throw new MediaRefused(reasons.length > 0 ? reasons.join('; ') : 'the peer has no audio');
}

/** What is offered on behalf of a peer that made no offer itself (RFC 3261 s. 13.2.1): what every phone has comes first. */
export const lateOfferCodecs: readonly Codec[] = [
  { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} },
  { mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8, parameters: {} },
  { mimeType: 'audio/G722', clockRate: 8000, payloadType: 9, parameters: {} },
  { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 96, parameters: { useinbandfec: 1 } },
  { mimeType: 'audio/telephone-event', clockRate: 8000, payloadType: 101, parameters: {} },
];
