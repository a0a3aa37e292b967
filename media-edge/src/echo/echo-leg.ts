import type { LegId } from '@sylk/protocol/ids.ts';
import type { Accepted, CallLeg, LegEvent } from '../call/call-leg.ts';
import type { MediaLine, Offer, Source } from '../call/media.ts';
import { isTelephoneEvent } from '../sdp/codecs.ts';
import { mirrored } from '../sdp/directions.ts';

/**
 * The far side that answers always: it gives the caller back what the caller sends, sound, picture and digits.
 * It has no media of its own: its sources are the caller's.
 */
export class EchoLeg implements CallLeg {
  readonly id: LegId;
  readonly kind = 'echo';
  #listener: (event: LegEvent) => void = () => undefined;
  #sources: readonly Source[] = [];

  constructor(id: LegId) {
    this.id = id;
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  async start(offer: Offer): Promise<void> {
    this.#listener({ kind: 'answered', ...this.#accept(offer) });
  }

  async ring(): Promise<void> {
    throw new Error('echo is only called, it rings nobody');
  }

  async accept(): Promise<void> {
    throw new Error('echo is only called, it accepts nobody');
  }

  async update(offer: Offer): Promise<Accepted> {
    return this.#accept(offer);
  }

  async answerUpdate(): Promise<void> {
    // Echo never asks for a change, so there is never an answer to one.
  }

  async connect(sources: readonly Source[]): Promise<void> {
    this.#sources = sources;
    this.#listener({ kind: 'sourcesChanged', sources });
  }

  async hold(): Promise<void> {
    // Who holds hears nothing, not even themselves.
  }

  async sendDtmf(digit: string, durationMs: number): Promise<void> {
    this.#listener({ kind: 'dtmf', digit, durationMs });
  }

  /** The caller gets its own picture, so what it can take limits what it sends. */
  async limitBitrate(bps: number): Promise<void> {
    this.#listener({ kind: 'capacity', bps });
  }

  async end(): Promise<void> {
    this.#sources = [];
  }

  #accept(offer: Offer): Accepted {
    return { answer: { lines: offer.lines.map(echoed) }, sources: this.#sources };
  }
}

/** The line with its first codec, and the events beside it. */
function echoed(line: MediaLine): MediaLine {
  const chosen = line.codecs.find((codec) => !isTelephoneEvent(codec));
  if (chosen === undefined) return { kind: line.kind, direction: 'inactive', codecs: [] };
  const events = line.codecs.filter(isTelephoneEvent);
  return { kind: line.kind, direction: mirrored(line.direction), codecs: [chosen, ...events] };
}
