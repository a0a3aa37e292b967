import { legId } from '@sylk/protocol/ids.ts';
import type { Accepted, CallLeg, LegEvent } from '../../media-edge/src/call/call-leg.ts';
import type { EndCause } from '../../media-edge/src/call/end-cause.ts';
import type { Offer, Source } from '../../media-edge/src/call/media.ts';
import type { NewPartner, TransferProgress } from '../../media-edge/src/call/transfer.ts';
import type { CallText, TextOutcome } from '../../media-edge/src/ports/call-text.ts';

/** A side of a call that a test speaks for: it remembers what it was told, and `says` what the test wants. */
export class FakeLeg implements CallLeg {
  readonly id;
  readonly kind = 'sip';
  /** In short: `start`, `ring`, `accept`, `connect a,b`, `end 486`. */
  readonly told: string[] = [];
  offer: Offer | undefined;
  accepted: Accepted | undefined;
  /** What `update` is answered with; refused if there is nothing. */
  updateAnswer: (offer: Offer) => Promise<Accepted> = () => Promise.reject(new Error('no answer was prepared'));
  /** What `write` is answered. */
  writeOutcome: TextOutcome = { code: 200, reason: 'OK' };
  #listener: (event: LegEvent) => void = () => undefined;

  constructor(name: string) {
    this.id = legId(name);
  }

  says(event: LegEvent): void {
    this.#listener(event);
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  async start(offer: Offer): Promise<void> {
    this.offer = offer;
    this.told.push('start');
  }

  async trying(code: number): Promise<void> {
    this.told.push(`trying ${code}`);
  }

  async ring(early?: Accepted): Promise<void> {
    this.accepted = early;
    this.told.push(early ? 'ring early' : 'ring');
  }

  async accept(accepted: Accepted): Promise<void> {
    this.accepted = accepted;
    this.told.push('accept');
  }

  update(offer: Offer): Promise<Accepted> {
    this.told.push(`update ${offer.lines.map((line) => `${line.kind} ${line.direction}`).join(', ')}`);
    return this.updateAnswer(offer);
  }

  async answerUpdate(accepted: Accepted | undefined): Promise<void> {
    this.accepted = accepted;
    this.told.push(accepted ? 'update answered' : 'update refused');
  }

  async connect(sources: readonly Source[]): Promise<void> {
    this.told.push(`connect ${sources.map((source) => source.producerId).join()}`);
  }

  async hold(isHeld: boolean): Promise<void> {
    this.told.push(isHeld ? 'hold' : 'resume');
  }

  async transferring(progress: TransferProgress): Promise<void> {
    this.told.push(`transfer ${progress.state}${progress.state === 'failed' ? ` ${progress.cause.code}` : ''}`);
  }

  async transferred(to: NewPartner): Promise<void> {
    this.told.push(`transferred to ${to.uri}`);
  }

  async sendDtmf(digit: string, durationMs: number): Promise<void> {
    this.told.push(`dtmf ${digit} ${durationMs}`);
  }

  async write(text: CallText): Promise<TextOutcome> {
    this.told.push(`write ${text.kind === 'message' ? text.content : text.state}`);
    return this.writeOutcome;
  }

  async limitBitrate(bps: number): Promise<void> {
    this.told.push(`limit ${bps}`);
  }

  async end(cause: EndCause): Promise<void> {
    this.told.push(`end ${cause.code} ${cause.phrase}`);
  }
}
