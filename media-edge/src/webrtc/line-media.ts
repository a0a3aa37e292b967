import type { Codec, Direction, MediaKind, Source } from '../call/media.ts';
import type { BrowserTransport, Consumed, SendParameters } from '../ports/sfu.ts';
import { isSameCodec } from '../sdp/codecs.ts';
import { receives, sends } from '../sdp/directions.ts';
import { NoCommonCodec } from '../sdp/sdp-error.ts';

/** One m-line in use: what the browser sends on it, and what it gets. */
export class LineMedia {
  readonly kind: MediaKind;
  #parameters: SendParameters;
  #direction: Direction;
  #source: Source | undefined;
  #consumed: Consumed | undefined;
  #isPaused = false;
  /** The stream that the browser was told to expect on this line, if it was told one. */
  #signalledId: string | undefined;

  /** @param direction what is agreed on, as we see it */
  constructor(parameters: SendParameters, direction: Direction) {
    this.kind = parameters.kind;
    this.#parameters = parameters;
    this.#direction = direction;
  }

  get mid(): string {
    return this.#parameters.mid;
  }

  get codec(): Codec {
    return this.#parameters.codec;
  }

  /** What the browser sends here. */
  get source(): Source | undefined {
    return this.#source;
  }

  /** What the browser gets here. */
  get consumed(): Consumed | undefined {
    return this.#consumed;
  }

  /** True if the browser expects another stream than the one that it gets now. */
  get isMisleading(): boolean {
    return (
      this.#signalledId !== undefined && this.#consumed !== undefined && this.#signalledId !== this.#consumed.consumerId
    );
  }

  /** A description is written that names the stream of now. */
  signalled(): void {
    this.#signalledId = this.#consumed?.consumerId;
  }

  /** Takes over what a new description says; a producer that still fits goes on. */
  agree(transport: BrowserTransport, parameters: SendParameters, direction: Direction): void {
    if (!isSameStream(this.#parameters, parameters)) this.#closeSource(transport);
    if (this.mid !== parameters.mid) this.#closeConsumer(transport);
    this.#parameters = parameters;
    this.#direction = direction;
  }

  /** Makes the producer, once the browser may send. It stays when the browser pauses, so its numbers go on. */
  async produce(transport: BrowserTransport): Promise<void> {
    if (this.#source === undefined && receives(this.#direction))
      this.#source = await transport.produce(this.#parameters);
  }

  /**
   * Sends this source to the browser instead of the one before, held back while the browser does not want it.
   *
   * @throws NoCommonCodec if it comes in another codec than the line's
   */
  async consume(transport: BrowserTransport, source: Source | undefined): Promise<void> {
    if (source?.producerId !== this.#consumed?.producerId) this.#closeConsumer(transport);
    if (source && !this.#consumed && sends(this.#direction)) await this.#consumeNew(transport, source);
    const isPaused = !sends(this.#direction);
    if (this.#consumed && isPaused !== this.#isPaused)
      await transport.pauseConsumer(this.#consumed.consumerId, isPaused);
    this.#isPaused = isPaused;
  }

  close(transport: BrowserTransport): void {
    this.#closeSource(transport);
    this.#closeConsumer(transport);
  }

  async #consumeNew(transport: BrowserTransport, source: Source): Promise<void> {
    if (!isSameCodec(source.codec, this.codec)) {
      throw new NoCommonCodec([this.codec.mimeType], [source.codec.mimeType]);
    }
    this.#consumed = await transport.consume(source, this.#parameters);
    this.#isPaused = false;
  }

  #closeSource(transport: BrowserTransport): void {
    if (this.#source) transport.closeProducer(this.#source.producerId);
    this.#source = undefined;
  }

  #closeConsumer(transport: BrowserTransport): void {
    if (this.#consumed) transport.closeConsumer(this.#consumed.consumerId);
    this.#consumed = undefined;
  }
}

/** True if RTP of the second description still belongs to the producer that was made for the first. */
function isSameStream(before: SendParameters, now: SendParameters): boolean {
  if (before.mid !== now.mid || before.codec.payloadType !== now.codec.payloadType) return false;
  return before.ssrc === undefined || now.ssrc === undefined || before.ssrc === now.ssrc;
}
