import { type Accepted, type LegEvent, UpdateRefused } from '../call/call-leg.ts';
import type { EndCause } from '../call/end-cause.ts';
import type { Offer, Source } from '../call/media.ts';
import { type BrowserDescription, usedLine } from '../sdp/browser-offer.ts';
import { refusedLine } from '../sdp/codecs.ts';
import type { SessionTell } from '../session/messages.ts';
import type { BrowserMedia } from './browser-media.ts';
import { changeOf, isHeldBy, withoutHold } from './change.ts';

/** The leg as its changes see it. */
export interface ChangingLeg {
  /** Does work on the media after the work before. */
  withMedia<Result>(work: (media: BrowserMedia) => Promise<Result>): Promise<Result>;
  tell(tell: SessionTell): void;
  emit(event: LegEvent): void;
  log(text: string, error: unknown): void;
}

/** Our offer to the browser, until it has answered. Ours alone, to name streams or payload types anew, if nobody waits for it. */
interface Asking {
  readonly offer: Offer;
  readonly waiter?: { resolve(accepted: Accepted): void; reject(refused: UpdateRefused): void };
}

/** Changes of an established call, by the browser or by the far side (RFC 3264 s. 8). */
export class MidCall {
  readonly #leg: ChangingLeg;
  /** The browser's offer of other media, until the far side has answered it. */
  #asked: BrowserDescription | undefined;
  #asking: Asking | undefined;

  constructor(leg: ChangingLeg) {
    this.#leg = leg;
  }

  /** The browser offers a change: answered here, unless media come or go. */
  async offered(offer: BrowserDescription): Promise<void> {
    await this.#leg.withMedia(async (media) => {
      if (media.browser && changeOf(media.browser, offer) === 'media') {
        this.#asked = offer;
        this.#leg.emit({ kind: 'updateOffered', offer: withoutHold(offer) });
      } else {
        await this.#answer(media, offer);
      }
    });
  }

  /** The far side has answered the browser's offer, or refused it. */
  async answerAsked(accepted: Accepted | undefined): Promise<void> {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked && accepted) await this.#leg.withMedia((media) => this.#answer(media, asked, accepted));
    else if (asked) this.#leg.tell({ kind: 'updateFailed', reason: '488 Not Acceptable Here' });
  }

  /** Asks the browser to take the far side's change. */
  async ask(offer: Offer): Promise<Accepted> {
    if (this.#asking || this.#asked) throw new UpdateRefused(491, 'another change is under way');
    const { promise, resolve, reject } = Promise.withResolvers<Accepted>();
    await this.#offer({ offer, waiter: { resolve, reject } });
    return promise;
  }

  /** Names the streams of now to a browser that was told of others. */
  async correct(): Promise<void> {
    // An answer or offer that is under way names them anyway.
    if (this.#asking || this.#asked) return;
    await this.#leg.withMedia(async (media) => void this.#offerNow(media, { offer: { lines: media.farSide.lines } }));
  }

  /** The browser did not answer in time; should it still, its session refuses that. */
  async abandon(): Promise<void> {
    this.#refuse(408, 'the browser did not answer in time');
    this.#leg.tell({ kind: 'updateOver' });
    await this.#leg.withMedia(async (media) => media.abandonOffer());
  }

  async takeAnswer(answer: BrowserDescription): Promise<void> {
    const asking = this.#asking;
    this.#asking = undefined;
    try {
      await this.#leg.withMedia((media) => this.#adopt(media, answer, asking));
    } finally {
      this.#leg.tell({ kind: 'updateOver' });
    }
  }

  /** The page was reloaded: it knows nothing of the changes that were under way. */
  forget(): void {
    this.#refuse(487, 'the page was reloaded');
    if (this.#asked) this.#leg.tell({ kind: 'updateFailed', reason: '487 Request Terminated' });
    this.#asked = undefined;
  }

  end(cause: EndCause): void {
    this.#refuse(cause.code, cause.phrase);
  }

  async #answer(media: BrowserMedia, offer: BrowserDescription, accepted?: Accepted): Promise<void> {
    const wasHeld = media.browser !== undefined && isHeldBy(media.browser);
    const before = media.sources;
    const far = accepted && { lines: accepted.answer.lines, sources: accepted.sources };
    this.#leg.tell({ kind: 'updateAnswered', sdp: await media.answer(offer, far) });
    this.#tellSources(before, media.sources);
    if (wasHeld !== isHeldBy(offer)) this.#leg.emit({ kind: 'held', isHeld: !wasHeld });
    if (media.needsOffer) this.#offerNow(media, { offer: { lines: media.farSide.lines } });
  }

  async #adopt(media: BrowserMedia, answer: BrowserDescription, asking: Asking | undefined): Promise<void> {
    const before = media.sources;
    try {
      await media.takeAnswer(answer);
    } catch (error) {
      // What was agreed before stays.
      if (!asking?.waiter) this.#leg.log('could not take an answer to an offer of ours', error);
      asking?.waiter?.reject(new UpdateRefused(488, error instanceof Error ? error.message : String(error)));
      return;
    }
    if (asking?.waiter) asking.waiter.resolve({ answer: answerTo(asking.offer, answer), sources: media.sources });
    else this.#tellSources(before, media.sources);
  }

  #tellSources(before: readonly Source[], now: readonly Source[]): void {
    const isSame = before.length === now.length && before.every((source) => now.includes(source));
    if (!isSame) this.#leg.emit({ kind: 'sourcesChanged', sources: now });
  }

  async #offer(asking: Asking): Promise<void> {
    this.#asking = asking;
    await this.#leg.withMedia(async (media) => {
      if (this.#asking === asking) this.#offerNow(media, asking);
    });
  }

  #offerNow(media: BrowserMedia, asking: Asking): void {
    this.#asking = asking;
    this.#leg.tell({ kind: 'updateOffered', sdp: media.offer(asking.offer.lines) });
  }

  #refuse(code: number, reason: string): void {
    const asking = this.#asking;
    this.#asking = undefined;
    asking?.waiter?.reject(new UpdateRefused(code, reason));
  }
}

/** What the browser answered, line by line of the offer as the far side made it. */
export function answerTo(offer: Offer, answer: BrowserDescription): Offer {
  const { lines } = withoutHold(answer);
  return {
    lines: offer.lines.map(
      (line) => (usedLine(answer, line.kind) && lines.find((item) => item.kind === line.kind)) || refusedLine(line),
    ),
  };
}
