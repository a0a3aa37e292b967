import { randomInt } from 'node:crypto';
import type { Codec, Direction, MediaKind, MediaLine, Offer, Source } from '../../call/media.ts';
import type { PlainTransport } from '../../ports/sfu.ts';
import { isRefused, refusedLine } from '../../sdp/codecs.ts';
import { both, receives } from '../../sdp/directions.ts';
import { writePlainAnswer } from '../../sdp/plain-answer.ts';
import type { PlainStream } from '../../sdp/plain-line.ts';
import { nextVersion, picturesForSip, soundForSip, writePlainOffer } from '../../sdp/plain-offer.ts';
import { type PlainDescription, type PlainLine, readPlainDescription, usedPlainLine } from '../../sdp/plain-read.ts';
import { NoCommonCodec } from '../../sdp/sdp-error.ts';
import { type CodecOrder, inOrder } from './codec-order.ts';
import { afterAnswer, afterOffer, type Held, nobodyHeld, offeredDirection, wantedDirection } from './held.ts';
import { MediaRefused } from './media-address.ts';
import type { Encryption } from './own-keys.ts';
import { SipStream, type SipStreamOptions, type StreamPlan } from './sip-stream.ts';

export interface SipMediaOptions extends Omit<SipStreamOptions, 'kind' | 'encryption'> {
  /** What the peer is told instead of our address: the public one, where a NAT is between. */
  readonly announced: string;
  /** Encryption of the media in our offers; nothing is asked when left out. */
  readonly encryption?: Encryption;
  /** Which codecs we offer, in which order; as the other leg has them when left out. */
  readonly codecOrder?: CodecOrder;
}

/** The media of one SIP leg: sound always, a picture perhaps, and how the descriptions speak of them. */
export class SipMedia {
  readonly #options: SipMediaOptions;
  readonly #sound: SipStream;
  #picture: SipStream | undefined;
  readonly #sessionId = String(randomInt(2 ** 47));
  #lastSent: { sdp: string; version: number } | undefined;
  /** What our last offer said; the peer answers that, whatever is wanted meanwhile. */
  #offeredDirection: Direction = 'sendrecv';
  /** The m-lines of the session, which keep their places (RFC 3264 s. 8). */
  #lines: PlainDescription['lines'] | undefined;
  #held: Held = nobodyHeld;
  /** The codecs of a picture that the other leg wants to add. */
  #pictures: readonly Codec[] = [];
  /** What of the picture the other leg wants, as it sees it. */
  #pictureDirection: Direction = 'sendrecv';
  #offeredPicture: Direction = 'sendrecv';
  /** What the other leg takes of a picture, bits per second. */
  #pictureLimit: number | undefined;
  #sent: readonly Source[] = [];
  readonly #keyFrameListeners: (() => void)[] = [];
  #isClosed = false;

  private constructor(sound: SipStream, options: SipMediaOptions) {
    this.#sound = sound;
    this.#options = options;
  }

  static async open(options: SipMediaOptions): Promise<SipMedia> {
    const sound = await SipStream.open({ ...options, encryption: options.encryption ?? 'none', kind: 'audio' });
    return new SipMedia(sound, options);
  }

  /** Of the sound; whatever is to be heard of the leg is heard there. */
  get transport(): PlainTransport {
    return this.#sound.transport;
  }

  get held(): Held {
    return this.#held;
  }

  /** What the peer puts into the call, as far as that is settled. */
  get sources(): readonly Source[] {
    return [this.#sound.source ?? [], this.#picture?.source ?? []].flat();
  }

  /** The codec of the sound in use and its telephone events, most wanted first: all that the other leg may answer. */
  get codecs(): readonly Codec[] {
    return this.#sound.codecs;
  }

  get hasPicture(): boolean {
    return this.#picture !== undefined;
  }

  get canSendDtmf(): boolean {
    return this.#sound.settled?.dtmf !== undefined;
  }

  /** What this side answers to an offer of the other leg, line by line: what is in use. */
  answerTo(offer: Offer): readonly MediaLine[] {
    return offer.lines.map((line) => (isRefused(line) ? undefined : this.#lineOf(line.kind)) ?? refusedLine(line));
  }

  /** @returns true if this is new */
  holdPeer(isHeld: boolean): boolean {
    const isNew = this.#held.byUs !== isHeld;
    this.#held = { ...this.#held, byUs: isHeld };
    return isNew;
  }

  /** How our first offer asks for encryption. */
  get encryption(): Encryption {
    return this.#sound.encryption;
  }

  set encryption(encryption: Encryption) {
    this.#sound.encryption = encryption;
    if (this.#picture !== undefined) this.#picture.encryption = encryption;
  }

  /** Makes room for a picture, if the other leg has one in a codec that phones know. @returns true if there is a new one */
  async addPicture(lines: readonly MediaLine[]): Promise<boolean> {
    const pictures = this.#wanted('video', lines);
    if (this.#picture !== undefined || pictures.length === 0) return false;
    this.#pictures = pictures;
    this.aimPicture(lines);
    const picture = await SipStream.open({ ...this.#options, encryption: this.encryption, kind: 'video' });
    if (this.#isClosed) {
      picture.close();
      return false;
    }
    this.#picture = picture;
    picture.transport.onKeyFrameWanted(() => {
      for (const listener of this.#keyFrameListeners) listener();
    });
    await picture.send(this.#sourceOf('video'));
    return true;
  }

  /** The other leg begins or ends to send its picture, or to look. @returns true if this is new */
  aimPicture(lines: readonly MediaLine[]): boolean {
    const before = this.#pictureDirection;
    const line = lines.find(({ kind }) => kind === 'video');
    this.#pictureDirection = line?.direction ?? before;
    this.#pictureLimit = line?.maxBitrateBps ?? this.#pictureLimit;
    return this.#picture !== undefined && before !== this.#pictureDirection;
  }

  /** The call goes on without a picture. @returns true if there was one */
  removePicture(): boolean {
    const had = this.#picture !== undefined;
    this.#picture?.close();
    this.#picture = undefined;
    return had;
  }

  /**
   * Our next offer. Codecs in use are the only ones that it has.
   *
   * @param wanted what the other leg has
   * @throws NoCommonCodec when SIP has none of its sounds
   */
  writeOffer(wanted: readonly MediaLine[] = []): string {
    const streams = this.#offeredStreams(wanted);
    const lines = this.#lines && { lines: this.#lines };
    return this.#write((version) => writePlainOffer({ streams, ...this.#owner(version), ...lines }));
  }

  /**
   * Takes the peer's answer to the last offer.
   *
   * @throws SdpError, NoCommonCodec, MediaRefused: nothing has changed then
   */
  async takeAnswer(sdp: string): Promise<void> {
    const description = readPlainDescription(sdp);
    const line = usedLine(description);
    const ours = this.#offeredDirection;
    const sound = this.#sound.planAnswer(line, ours);
    const pictured = usedPlainLine(description, 'video');
    const picture = pictured && this.#orWithout(() => this.#picture?.planAnswer(pictured, this.#offeredPicture));
    await this.#adopt(sound, picture);
    this.#lines = description.lines;
    this.#held = afterAnswer(this.#held, ours, line.media.direction);
  }

  /**
   * Answers an offer of the peer.
   *
   * @param wanted what the other leg has, where nothing is in use yet
   * @throws SdpError, NoCommonCodec, MediaRefused: nothing has changed then
   */
  async answerOffer(offer: PlainDescription, wanted: readonly MediaLine[] = []): Promise<string> {
    const line = usedLine(offer);
    const direction = wantedDirection(this.#held);
    const sound = this.#sound.planOffer(line, this.#wanted('audio', wanted), direction);
    const pictured = usedPlainLine(offer, 'video');
    if (pictured !== undefined) await this.addPicture(wanted);
    const codecs = this.#wanted('video', wanted);
    const picture =
      pictured &&
      this.#orWithout(() => this.#picture?.planOffer(pictured, codecs, both(direction, this.#pictureDirection)));
    await this.#adopt(sound, picture);
    this.#lines = offer.lines;
    this.#held = afterOffer(this.#held, line.media.direction);
    const shown = picture && this.#picture?.answer(picture);
    const streams = [this.#sound.answer(sound), shown === undefined ? [] : this.#limited(shown)].flat();
    return this.#write((version) => writePlainAnswer({ offer, streams, ...this.#owner(version) }));
  }

  /** Sends these to the peer, now or as soon as a codec is settled. */
  async send(sources: readonly Source[]): Promise<void> {
    this.#sent = sources;
    await Promise.all([this.#sound.send(this.#sourceOf('audio')), this.#picture?.send(this.#sourceOf('video'))]);
  }

  /** Of the sound, and of a picture. */
  get transports(): readonly PlainTransport[] {
    return [this.#sound.transport, this.#picture?.transport ?? []].flat();
  }

  /** The peer wants a whole picture. */
  async requestKeyFrame(): Promise<void> {
    await this.#picture?.transport.requestKeyFrame();
  }

  /** Somebody needs a whole picture of a peer that may not take such requests by RTCP. */
  onKeyFrameWanted(listener: () => void): void {
    this.#keyFrameListeners.push(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#sound.close();
    this.removePicture();
  }

  #owner(version: number) {
    const { address } = this.transport;
    // The transport may know better what to tell, where it was not bound as asked.
    const told = address === this.#options.address ? this.#options.announced : address;
    return { address: told, session: { id: this.#sessionId, version } };
  }

  #write(print: (version: number) => string): string {
    this.#lastSent = nextVersion(this.#lastSent, print);
    return this.#lastSent.sdp;
  }

  #offeredStreams(wanted: readonly MediaLine[]): PlainStream[] {
    this.#offeredDirection = offeredDirection(this.#held);
    const direction = this.#offeredDirection;
    const sound = this.#sound.offer(
      this.#sound.settled === undefined ? soundForSip(this.#wanted('audio', wanted)) : [],
      direction,
    );
    this.#offeredPicture = both(direction, this.#pictureDirection);
    const picture = this.#picture?.offer(this.#pictures, this.#offeredPicture);
    return [sound, picture === undefined ? [] : this.#limited(picture)].flat();
  }

  #limited(picture: PlainStream): PlainStream {
    return this.#pictureLimit === undefined ? picture : { ...picture, maxBitrateBps: this.#pictureLimit };
  }

  /** A picture that cannot be agreed on ends: the call is for its sound. */
  async #adopt(sound: StreamPlan, picture: StreamPlan | undefined): Promise<void> {
    if (picture === undefined) this.removePicture();
    await Promise.all([this.#sound.adopt(sound), picture && this.#picture?.adopt(picture)]);
  }

  #orWithout(plan: () => StreamPlan | undefined): StreamPlan | undefined {
    try {
      return plan();
    } catch (error) {
      if (error instanceof NoCommonCodec || error instanceof MediaRefused) return undefined;
      throw error;
    }
  }

  /** Codecs of the other leg that SIP has, as our settings order them. */
  #wanted(kind: MediaKind, lines: readonly MediaLine[]): readonly Codec[] {
    const codecs = lines.find((line) => line.kind === kind)?.codecs ?? [];
    const ordered = inOrder(codecs, this.#options.codecOrder);
    return kind === 'video' ? picturesForSip(ordered) : ordered;
  }

  #sourceOf(kind: MediaKind): Source | undefined {
    return this.#sent.find((source) => source.kind === kind);
  }

  /** The sound goes both ways always: the peer's hold is told as such, and must not change the other leg's own direction. */
  #lineOf(kind: MediaKind): MediaLine | undefined {
    if (kind === 'audio') return { kind, direction: 'sendrecv', codecs: this.codecs };
    const theirs = this.#picture?.peerLine?.media;
    if (this.#picture === undefined || theirs === undefined) return undefined;
    const direction = this.#held.byPeer && !receives(theirs.direction) ? 'sendrecv' : theirs.direction;
    const { maxBitrateBps } = theirs;
    return {
      kind,
      direction,
      codecs: this.#picture.codecs,
      ...(maxBitrateBps === undefined ? {} : { maxBitrateBps }),
    };
  }
}

function usedLine(description: PlainDescription): PlainLine {
  const line = usedPlainLine(description, 'audio');
  if (line !== undefined) return line;
  const reasons = description.lines.flatMap(({ refusal }) => refusal ?? []);
  throw new MediaRefused(reasons.length > 0 ? reasons.join('; ') : 'the peer has no audio');
}
