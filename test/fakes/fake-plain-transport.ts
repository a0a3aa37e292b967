import type { Codec, Direction, MediaKind, Source } from '../../media-edge/src/call/media.ts';
import type { Security } from '../../media-edge/src/ports/relay.ts';
import type { PlainOptions, PlainTransport, TransportStats } from '../../media-edge/src/ports/sfu.ts';
import { type Counter, emptyStats, Listeners } from './fake-sfu-parts.ts';

export class FakePlainTransport implements PlainTransport {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly options: PlainOptions;
  /** Every `setRemote`, oldest first. */
  readonly remotes: { readonly address: string; readonly port: number; readonly rtcpPort: number }[] = [];
  readonly produced: {
    readonly kind: MediaKind;
    readonly codec: Codec;
    readonly dtmf: Codec | undefined;
    readonly source: Source;
  }[] = [];
  readonly consumed: { readonly source: Source; readonly codec: Codec; readonly dtmf: Codec | undefined }[] = [];
  readonly directions: Direction[] = [];
  readonly sentDtmf: { readonly digit: string; readonly durationMs: number }[] = [];
  /** Every `setSecurity`, oldest first. */
  readonly securities: (Security | undefined)[] = [];
  keyFrameRequests = 0;
  currentStats: TransportStats = emptyStats;
  isClosed = false;
  readonly #counter: Counter;
  readonly #dtmf = new Listeners<[digit: string, durationMs: number]>();
  readonly #keyFrameWanted = new Listeners<[]>();
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

  setSecurity(security: Security | undefined): void {
    this.securities.push(security);
  }

  async requestKeyFrame(): Promise<void> {
    this.keyFrameRequests += 1;
  }

  onKeyFrameWanted(callback: () => void): void {
    this.#keyFrameWanted.add(callback);
  }

  tellKeyFrameWanted(): void {
    this.#keyFrameWanted.tell();
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
