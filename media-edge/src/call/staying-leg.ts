import type { LegId } from '@sylk/protocol/ids.ts';
import type { CallText, TextOutcome } from '../ports/call-text.ts';
import type { TransportStats } from '../ports/sfu.ts';
import { dtmfFor, isSameCodec } from '../sdp/codecs.ts';
import type { HeldSide } from './call.ts';
import { type Accepted, type CallLeg, type LegEvent, UpdateRefused } from './call-leg.ts';
import { causeOf, type EndCause } from './end-cause.ts';
import type { Codec, MediaLine, Offer, Source } from './media.ts';
import type { NewPartner, TransferProgress } from './transfer.ts';

export interface StayingLegOptions {
  readonly leg: CallLeg;
  /** What it sends at present: it cannot change its codecs. */
  readonly sources: readonly Source[];
  readonly partner: NewPartner;
  /** Takes the leg out of the call that it is in; `undefined` when that is over. */
  take(): HeldSide | undefined;
  /** How the new call fares, until the leg is in it. */
  onProgress(progress: TransferProgress): void;
}

/**
 * A leg of an answered call that goes on in another one. For the new call it is a leg like any other: its A-leg, which
 * waits for an answer, or a B-leg that answers at once. The old call loses it at the moment of the answer, not before.
 */
export class StayingLeg implements CallLeg {
  readonly id: LegId;
  readonly kind: CallLeg['kind'];
  readonly #options: StayingLegOptions;
  #listener: (event: LegEvent) => void = () => undefined;
  #isTaken = false;
  #isOver = false;

  constructor(options: StayingLegOptions) {
    this.id = options.leg.id;
    this.kind = options.leg.kind;
    this.#options = options;
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  /** What a new partner is offered. */
  get offer(): Offer {
    return { lines: this.#options.sources.map(lineOf) };
  }

  /** As B-leg: it talks already, so it answers at once, if there is a codec for it. */
  async start(offer: Offer): Promise<void> {
    const lines = offer.lines.map((line) => this.#answerTo(line));
    if (!lines.some(({ codecs }) => codecs.length > 0)) return this.#fail(noCommonCodec);
    if (!(await this.#takeOver())) return;
    this.#listener({ kind: 'answered', answer: { lines }, sources: this.#own(this.#options.sources) });
  }

  async ring(): Promise<void> {
    if (!this.#isTaken) this.#options.onProgress({ state: 'ringing' });
  }

  async accept(): Promise<void> {
    if (!this.#isTaken) this.#options.onProgress({ state: 'accepted' });
    if (await this.#takeOver()) await this.#options.leg.transferred?.(this.#options.partner);
  }

  /** Whoever asked for the transfer has left: the leg is in the new call from now on. */
  async left(side: HeldSide): Promise<void> {
    await this.#enter(side);
  }

  async update(offer: Offer): Promise<Accepted> {
    if (!this.#isTaken) throw new UpdateRefused(491, 'the transfer is not done yet');
    return this.#options.leg.update(offer);
  }

  async answerUpdate(accepted: Accepted | undefined): Promise<void> {
    await this.#options.leg.answerUpdate(accepted);
  }

  async connect(sources: readonly Source[]): Promise<void> {
    if (this.#isTaken) await this.#options.leg.connect(sources);
  }

  abandonUpdate(): void {
    this.#options.leg.abandonUpdate?.();
  }

  async limitBitrate(bps: number): Promise<void> {
    if (this.#isTaken) await this.#options.leg.limitBitrate?.(bps);
  }

  async hold(isHeld: boolean): Promise<void> {
    if (this.#isTaken) await this.#options.leg.hold(isHeld);
  }

  async sendDtmf(digit: string, durationMs: number): Promise<void> {
    if (this.#isTaken) await this.#options.leg.sendDtmf(digit, durationMs);
  }

  async write(text: CallText): Promise<TextOutcome> {
    const outcome = this.#isTaken ? await this.#options.leg.write?.(text) : undefined;
    return outcome ?? { code: 480, reason: 'The transfer is not done yet' };
  }

  async transferring(progress: TransferProgress): Promise<void> {
    await this.#options.leg.transferring?.(progress);
  }

  async transferred(to: NewPartner): Promise<void> {
    await this.#options.leg.transferred?.(to);
  }

  async mediaCounts(): Promise<readonly TransportStats[]> {
    return (this.#isTaken ? await this.#options.leg.mediaCounts?.() : undefined) ?? [];
  }

  async end(cause: EndCause): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isTaken) await this.#options.leg.end(cause);
    else this.#options.onProgress({ state: 'failed', cause });
  }

  /** @returns false when the leg has ended meanwhile */
  async #takeOver(): Promise<boolean> {
    if (this.#isTaken) return true;
    const side = this.#options.take();
    if (side === undefined) this.#fail(gone);
    else await this.#enter(side);
    return side !== undefined;
  }

  async #enter({ leg, sources, isHolding, isHeld }: HeldSide): Promise<void> {
    this.#isTaken = true;
    leg.listen((event) => this.#listener(event));
    this.#listener({ kind: 'sourcesChanged', sources: this.#own(sources) });
    if (isHolding) this.#listener({ kind: 'held', isHeld: true });
    // Whoever handed it on has usually held it meanwhile.
    if (isHeld) await leg.hold(false);
  }

  /** What echo sends is its old partner's, which ends with that. */
  #own(sources: readonly Source[]): readonly Source[] {
    return this.kind === 'echo' ? [] : sources;
  }

  #fail(cause: EndCause): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener({ kind: 'ended', cause });
  }

  #answerTo(line: MediaLine): MediaLine {
    const source = this.#options.sources.find(({ kind }) => kind === line.kind);
    const codec = source && line.codecs.find((offered) => isSameCodec(offered, source.codec));
    if (codec === undefined) return { kind: line.kind, direction: 'inactive', codecs: [] };
    const events = dtmfFor(codec, line.codecs);
    return { kind: line.kind, direction: 'sendrecv', codecs: [codec, events ?? []].flat() };
  }
}

const lineOf = ({ kind, codec }: Source): MediaLine => ({
  kind,
  direction: 'sendrecv',
  codecs: kind === 'audio' ? [codec, eventsFor(codec)] : [codec],
});

/** Telephone events at the codec's own clock (RFC 4733 s. 2.1); each side maps the number to its own. */
const eventsFor = ({ clockRate }: Codec): Codec => ({
  mimeType: 'audio/telephone-event',
  clockRate,
  payloadType: clockRate === 8_000 ? 126 : 110,
  parameters: {},
});

const noCommonCodec = causeOf(488, 'gateway', 'the two sides have no codec in common, and calls are not transcoded');
const gone = causeOf(481, 'gateway', 'the call that was to go on has ended');
