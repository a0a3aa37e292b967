import type { Core } from 'sip.js';
import type { Accepted } from '../call/call-leg.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { Codec, MediaLine } from '../call/media.ts';
import type { Router } from '../ports/sfu.ts';
import type { Trace } from '../ports/sip-endpoint.ts';
import { usedPlainLine } from '../sdp/plain-read.ts';
import { routerCodecs } from '../sdp/router-codecs.ts';
import { SipDialog } from './dialog/sip-dialog.ts';
import { sdpBody } from './headers/sip-body.ts';
import type { IncomingCall } from './incoming-call.ts';
import type { LegContext } from './leg-context.ts';
import { isNowhere } from './media/callers-offer.ts';
import { mediaAddress } from './media/media-address.ts';
import { answeredEncryption } from './media/media-policy.ts';
import { refusalForOffer, wordsOf } from './media/refused-description.ts';
import { SipMedia } from './media/sip-media.ts';
import { SipLeg } from './sip-leg.ts';

/** A call that came in. */
export class SipUasLeg extends SipLeg {
  readonly #call: IncomingCall;
  readonly #router: Router;
  /** The answer that went out with a 183; the 200 has the same (RFC 3261 s. 13.2.1). */
  #earlyAnswer: string | undefined;
  #isAnswered = false;

  constructor(context: LegContext, call: IncomingCall, router: Router, trace: Trace) {
    super(context, call.callId, trace);
    this.#call = call;
    this.#router = router;
    if (call.prover !== undefined) this.proveBy(call.prover);
    call.onCancelled((cause) => this.over(cause));
  }

  async start(): Promise<void> {
    throw new Error('this leg was called: it rings and accepts');
  }

  async ring(early?: Accepted): Promise<void> {
    if (this.isOver || this.#isAnswered) return;
    // RFC 3261 s. 13.2.1: without an offer there is nothing to answer before the 2xx.
    if (early === undefined || this.#call.offered === undefined) return this.#call.progress(180);
    await this.#guard(async () => {
      const sdp = await this.#answer(early.answer.lines);
      if (sdp === undefined) return;
      this.#earlyAnswer = sdp;
      this.#call.progress(183, sdpBody(sdp));
      this.#tellSources();
    });
  }

  async accept(accepted: Accepted): Promise<void> {
    if (this.isOver || this.#isAnswered) return;
    this.#isAnswered = true;
    // RFC 3262 s. 3: no 2xx while a reliable answer to the offer waits for its PRACK.
    await this.#call.progressKnown;
    if (this.isOver) return;
    await this.#guard(async () => {
      const { lines } = accepted.answer;
      const sdp =
        this.#call.offered === undefined
          ? await this.#offer(lines)
          : (this.#earlyAnswer ?? (await this.#answer(lines)));
      if (sdp === undefined || this.isOver) return;
      this.#begin(this.#call.accept(sdpBody(sdp)));
    });
  }

  protected override abandon(cause: EndCause): void {
    this.#call.reject(cause);
  }

  protected override finish(): void {
    super.finish();
    this.#call.gone();
  }

  #begin(session: Core.Session): void {
    const { media } = this;
    if (media === undefined) throw new Error('answered without media');
    const dialog = new SipDialog({
      ...this.forDialog,
      session,
      media,
      made: this.#call.invite,
      path: this.#call.path,
      role: 'uas',
      isAnswerDue: this.#call.offered === undefined,
      listener: {
        ...this.dialogListener(),
        onMediaChanged: () => this.#mediaChanged(),
        onConfirmed: () => this.#call.confirmed(),
      },
    });
    this.adoptDialog(dialog);
    this.#tellSources();
    this.tellHeld();
    this.begin();
  }

  #mediaChanged(): void {
    // The answer of a late offer comes with the ACK: only now is there anything to hear.
    if (this.#call.offered === undefined) this.#tellSources();
    this.tellChanges();
  }

  /** @returns `undefined` when the leg ended meanwhile */
  async #answer(lines: readonly MediaLine[]): Promise<string | undefined> {
    const { offered } = this.#call;
    const media = await this.#openMedia();
    return media === undefined || offered === undefined ? undefined : media.answerOffer(offered, lines);
  }

  /** Our offer goes with the 2xx; the codec must be the one that the other leg uses already. */
  async #offer(lines: readonly MediaLine[]): Promise<string | undefined> {
    const used = lines.map((line) => ({ ...line, codecs: line.codecs.slice(0, 1) }));
    return (await this.#openMedia())?.writeOffer(used);
  }

  async #openMedia(): Promise<SipMedia | undefined> {
    const { localAddresses, networks, streams, policy } = this.context;
    const peerAddress = () => this.#call.path.peerAddress;
    const peer = this.#mediaPeer();
    const address = await localAddresses.towards(peer);
    const announced = localAddresses.announced(address, peer);
    const encryption = answeredEncryption(policy, this.#call.path.heard?.peer.protocol === 'TLS');
    const where = { router: this.#router, address, announced, peerAddress, encryption, codecOrder: policy.codecs };
    const media = await SipMedia.open({ ...where, networks, streams, isDialled: false, iceCodecs: this.#iceCodecs() });
    return (await this.adoptMedia(media)) ? media : undefined;
  }

  /** Where its media are, which may be in another network than its signalling, or of the other IP version. */
  #mediaPeer(): string {
    const { offered, path } = this.#call;
    const signalling = path.peerAddress ?? '';
    const line = offered && usedPlainLine(offered, 'audio');
    const named = line?.dtls === undefined ? line?.remote.address : undefined;
    if (named === undefined || isNowhere(named)) return signalling;
    return mediaAddress(named, path.peerAddress, this.context.networks);
  }

  /** What a caller with ICE has; its media come by a router of its own payload types. */
  #iceCodecs(): readonly Codec[] | undefined {
    const { offered } = this.#call;
    const isByIce = offered !== undefined && usedPlainLine(offered, 'audio')?.dtls !== undefined;
    return isByIce ? routerCodecs(offered.neutral) : undefined;
  }

  #tellSources(): void {
    const sources = this.media?.sources ?? [];
    if (sources.length > 0) this.emit({ kind: 'sourcesChanged', sources });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { statusCode } = refusalForOffer(error);
      const cause = causeOf(statusCode, statusCode === 500 ? 'gateway' : 'caller', wordsOf(error));
      this.context.log.info({ err: error, callId: this.callId }, 'a call that came in could not be taken');
      void this.quit(cause);
    }
  }
}
