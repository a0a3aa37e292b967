import { randomInt } from 'node:crypto';
import type { Direction, MediaKind, MediaLine, Source } from '../call/media.ts';
import type { BrowserTransport, Router, RouterCapabilities } from '../ports/sfu.ts';
import { type AcceptedLine, writeBrowserAnswer } from '../sdp/browser-answer.ts';
import { type BrowserDescription, type BrowserLine, isIceRestart, usedLine } from '../sdp/browser-offer.ts';
import {
  acceptBrowserAnswer,
  type OfferedLine,
  type PendingOffer,
  writeBrowserOffer,
} from '../sdp/browser-write-offer.ts';
import { isRefused } from '../sdp/codecs.ts';
import { answered, receives, sends, toDirection } from '../sdp/directions.ts';
import { roleOfOfferer } from '../sdp/local-transport.ts';
import type { Negotiated } from '../sdp/negotiated.ts';
import { toSendParameters } from '../sdp/rtp-parameters.ts';
import { chooseCodec } from './choose-codec.ts';
import { LineMedia } from './line-media.ts';

/**
 * The media of one browser: its transport, and a producer and a consumer a line, as its descriptions and
 * the far side's ask for them. Not safe for concurrent use: its leg does one thing after the other.
 */
export class BrowserMedia {
  readonly #router: Router;
  readonly #transport: BrowserTransport;
  readonly #lines = new Map<MediaKind, LineMedia>();
  readonly #sessionId = String(randomInt(2 ** 47));
  #version = 0;
  #isConnected = false;
  #browser: BrowserDescription | undefined;
  #negotiated: Negotiated | undefined;
  #pending: PendingOffer | undefined;
  /** What the far side said last, offer or answer: its directions, codecs and limits. */
  #far: readonly MediaLine[] = [];
  /** The same before an offer of ours that is not answered yet. */
  #farBefore: readonly MediaLine[] | undefined;
  #farSources: readonly Source[] = [];
  /** Kinds that the browser would take, but by numbers that the router cannot send by. */
  #unsendable: readonly MediaKind[] = [];

  constructor(router: Router, transport: BrowserTransport) {
    this.#router = router;
    this.#transport = transport;
  }

  get capabilities(): RouterCapabilities {
    return this.#router.capabilities;
  }

  get transport(): BrowserTransport {
    return this.#transport;
  }

  /** The browser's last description. */
  get browser(): BrowserDescription | undefined {
    return this.#browser;
  }

  get farSide(): FarSide {
    return { lines: this.#far, sources: this.#farSources };
  }

  /** True if only an offer of ours brings the browser something that it would take: its own offer numbered that otherwise than the router. */
  get needsOffer(): boolean {
    return this.#unsendable.length > 0;
  }

  /** What the browser sends, for the far side. */
  get sources(): readonly Source[] {
    return [...this.#lines.values()].flatMap((line) => line.source ?? []);
  }

  /**
   * Answers an offer of the browser.
   *
   * @param far what the far side said to it and what it sends; left out, it is asked nothing and goes on as it was
   * @throws NoCommonCodec | SdpError
   */
  async answer(offer: BrowserDescription, far: FarSide = this.farSide): Promise<string> {
    if (this.#browser && isIceRestart(this.#browser, offer)) await this.#transport.restartIce();
    this.#far = far.lines;
    this.#farSources = far.sources;
    const plans = this.#plan(offer, far.lines);
    this.#unsendable = plans.filter(({ isSendable }) => !isSendable).map(({ farLine }) => farLine.kind);
    this.#dropLinesBut(plans.map(({ line }) => line.mid));
    await Promise.all([this.#connect(offer), ...plans.map((plan) => this.#prepare(plan))]);
    this.#browser = offer;
    this.#pending = undefined;
    const accepted = plans.map((plan) => this.#acceptedLine(plan));
    const { sdp, negotiated } = writeBrowserAnswer({ ...this.#own(), offer, accepted });
    this.#negotiated = negotiated;
    return sdp;
  }

  /**
   * Writes an offer to the browser for what the far side offers or has.
   *
   * @throws SdpError if the router lacks a codec for it
   */
  offer(far: readonly MediaLine[] = this.#far): string {
    this.#farBefore ??= this.#far;
    this.#far = far;
    const used = far.filter((line) => !isRefused(line));
    const lines = used.map((line) => this.#offeredLine(line));
    const { sdp, pending } = writeBrowserOffer({ ...this.#own(), capabilities: this.#router.capabilities, lines });
    this.#pending = pending;
    return sdp;
  }

  /**
   * Takes the browser's answer to the last offer.
   *
   * @throws SdpError if it does not fit
   */
  async takeAnswer(answer: BrowserDescription): Promise<void> {
    const negotiated = acceptBrowserAnswer(this.#pending ?? { lines: [] }, answer);
    const plans = this.#plan(answer, this.#far);
    this.#pending = undefined;
    this.#farBefore = undefined;
    this.#unsendable = [];
    this.#negotiated = negotiated;
    this.#dropLinesBut(plans.map(({ line }) => line.mid));
    await Promise.all([this.#connect(answer), ...plans.map((plan) => this.#prepare(plan))]);
    this.#browser = answer;
  }

  /** The offer will not be answered: what was agreed before stays. */
  abandonOffer(): void {
    this.#pending = undefined;
    this.#far = this.#farBefore ?? this.#far;
    this.#farBefore = undefined;
  }

  /**
   * Sends these sources to the browser instead of those before.
   *
   * @returns true when the browser was told of another stream on a line, so that only a new offer makes it listen
   */
  async connect(sources: readonly Source[]): Promise<boolean> {
    this.#farSources = sources;
    const lines = [...this.#lines.values()];
    await Promise.all(lines.map((line) => line.consume(this.#transport, this.#sourceOf(line.kind))));
    return lines.some((line) => line.isMisleading);
  }

  close(): void {
    this.#transport.close();
  }

  #own() {
    this.#version += 1;
    const session = { id: this.#sessionId, version: this.#version };
    return { transport: this.#transport, session, before: this.#negotiated };
  }

  /** The lines that both sides use, each with its codec and the direction that is agreed on, as we see it. */
  #plan(browser: BrowserDescription, far: readonly MediaLine[]): LinePlan[] {
    return far.flatMap((farLine): LinePlan[] => {
      const line = isRefused(farLine) ? undefined : usedLine(browser, farLine.kind);
      if (!line) return [];
      const current = this.#lines.get(farLine.kind);
      const kept = current?.mid === line.mid ? current.codec : undefined;
      const chosen = chooseCodec(line, farLine, kept, this.#router.capabilities);
      const agreed = answered(line.direction, farLine.direction);
      const direction = chosen.isReceivable ? agreed : toDirection(false, receives(agreed));
      const parameters = toSendParameters(line, chosen.codec, this.#router.capabilities);
      const isSendable = chosen.isReceivable || !sends(agreed);
      return [{ line, farLine, direction, parameters, isSendable }];
    });
  }

  async #prepare({ parameters, direction }: LinePlan): Promise<void> {
    const media = this.#lines.get(parameters.kind) ?? new LineMedia(parameters, direction);
    this.#lines.set(parameters.kind, media);
    media.agree(this.#transport, parameters, direction);
    await Promise.all([
      media.produce(this.#transport),
      media.consume(this.#transport, this.#sourceOf(parameters.kind)),
    ]);
  }

  #acceptedLine({ farLine, direction, parameters }: LinePlan): AcceptedLine {
    const media = this.#lines.get(farLine.kind);
    media?.signalled();
    return { parameters, direction, consumed: media?.consumed, maxBitrateBps: farLine.maxBitrateBps };
  }

  #offeredLine(farLine: MediaLine): OfferedLine {
    const { kind, direction, maxBitrateBps } = farLine;
    const media = this.#lines.get(kind);
    media?.signalled();
    const codecs = media ? [media.codec] : farLine.codecs;
    const isRenumbered = this.#unsendable.includes(kind);
    return { kind, direction, codecs, consumed: media?.consumed, maxBitrateBps, isRenumbered };
  }

  #dropLinesBut(mids: readonly string[]): void {
    for (const [kind, media] of this.#lines) {
      if (mids.includes(media.mid)) continue;
      media.close(this.#transport);
      this.#lines.delete(kind);
    }
  }

  async #connect(browser: BrowserDescription): Promise<void> {
    if (this.#isConnected) return;
    this.#isConnected = true;
    const { fingerprint, setup } = browser.dtls;
    const role = roleOfOfferer(setup, undefined);
    await this.#transport.connect({ role, algorithm: fingerprint.algorithm, fingerprint: fingerprint.value });
  }

  #sourceOf(kind: MediaKind): Source | undefined {
    return this.#farSources.find((source) => source.kind === kind);
  }
}

/** The other leg as this one knows it. */
export interface FarSide {
  readonly lines: readonly MediaLine[];
  readonly sources: readonly Source[];
}

interface LinePlan {
  readonly line: BrowserLine;
  readonly farLine: MediaLine;
  readonly direction: Direction;
  readonly parameters: ReturnType<typeof toSendParameters>;
  /** False if the browser would take what the router cannot send by its numbers. */
  readonly isSendable: boolean;
}

/** Echo sends a browser its own media back, which end with the transport that they came over. */
export function withoutSources(far: FarSide, gone: readonly Source[]): FarSide {
  const ids = new Set(gone.map(({ producerId }) => producerId));
  return { ...far, sources: far.sources.filter(({ producerId }) => !ids.has(producerId)) };
}
