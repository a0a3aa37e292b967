import { aor } from '@sylk/protocol/ids.ts';
import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import type { Accepted } from '../call/call-leg.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { Offer } from '../call/media.ts';
import type { DialOptions } from '../ports/sip-endpoint.ts';
import { NoCommonCodec } from '../sdp/sdp-error.ts';
import { causeOfFault, type Dialled, readTo, tooManyUnreached, withLongerInterval } from './dial/dialled.ts';
import { InviteAttempt } from './dial/invite-attempt.ts';
import { inviteRequest } from './dial/invite-request.ts';
import { isRedirection, type Redirection, Redirects } from './dial/redirects.ts';
import type { FindWay } from './dial/way-finder.ts';
import { SipDialog } from './dialog/sip-dialog.ts';
import { headersByPrefix } from './headers/custom-headers.ts';
import { sdpOf } from './headers/sip-body.ts';
import type { LegContext } from './leg-context.ts';
import { offerFor, openDialledMedia, otherOffer } from './media/dialled-media.ts';
import { wordsOf } from './media/refused-description.ts';
import type { SipMedia } from './media/sip-media.ts';
import { newTag } from './message/tags.ts';
import { SipLeg } from './sip-leg.ts';
import { isSipsUri } from './transport/outgoing-text.ts';
import type { RequestPath } from './transport/request-path.ts';
import type { Target } from './transport/resolver.ts';

/** A call that we dial. */
export class SipUacLeg extends SipLeg {
  readonly #options: DialOptions;
  readonly #findWay: FindWay;
  readonly #fromTag = newTag();
  #attempt: InviteAttempt | undefined;
  #attempts = 0;
  #path: RequestPath | undefined;
  /** The early dialog whose media is used; its session id. */
  #early: string | undefined;
  /** The answer left the codec of the early media out: a re-INVITE asks for it. */
  #isCodecAsked = false;
  /** The peer refused the first offer, and has been made another with, or without, encryption. */
  #isOtherTried = false;
  /** Where the called is said to be instead. */
  #redirects: Redirects | undefined;
  /** Work on responses, one at a time, in the order in which they came. */
  #work: Promise<void> = Promise.resolve();

  constructor(context: LegContext, options: DialOptions, findWay: FindWay) {
    super(context, options.callId, options.trace);
    this.#options = options;
    this.#findWay = findWay;
  }

  async start(offer: Offer): Promise<void> {
    try {
      await this.#dial(offer);
    } catch (error) {
      this.over(causeOfFault(error));
    }
  }

  async ring(): Promise<void> {
    throw new Error('this leg dialled: the peer rings, not we');
  }

  async accept(): Promise<void> {
    throw new Error('this leg dialled: the peer answers, not we');
  }

  protected override abandon(cause: EndCause): void {
    this.#attempt?.abandon(cause);
  }

  async #dial(offer: Offer): Promise<void> {
    const to = readTo(this.#options);
    if ('code' in to) return this.over(to);
    const isSips = isSipsUri(this.#options.to);
    const line = this.context.lineOf(this.#options.from.aor);
    if (line !== undefined) this.proveBy(line.prove);
    const { targets, route } = await this.#findWay(to, isSips, line?.routes);
    if (this.#isBarred(targets)) return this.over(causeOf(403, 'gateway', tooManyUnreached));
    const media = await this.#openMedia(targets[0]);
    if (media === undefined) return;
    await media.addPicture(offer.lines);
    const sdp = media.writeOffer(offer.lines);
    const from = {
      ...this.#options.from,
      aor: line?.identity === undefined ? this.#options.from.aor : aor(line.identity),
    };
    this.#redirects = new Redirects(this.#options.to, isSips);
    const intervalS = this.context.timers.sessionS;
    this.#try(targets, { to, from, isSips, extraHeaders: line?.headers, route, sdp, offer, media, intervalS });
  }

  async #openMedia(target: Target | undefined): Promise<SipMedia | undefined> {
    if (this.isOver || target === undefined) return undefined;
    const media = await openDialledMedia(this.context, this.#options.router, target, () => this.#path?.peerAddress);
    return (await this.adoptMedia(media)) ? media : undefined;
  }

  /** RFC 3263 s. 4.3: the next target gets a transaction of its own. */
  #try([target, ...others]: readonly Target[], dialled: Dialled): void {
    if (target === undefined || this.isOver) return;
    const { gateway, clock, timers } = this.context;
    const contactUser = parseSipAddress(this.#options.from.aor)?.user;
    const path = this.context.openPath({ callId: this.callId, contactUser, target });
    this.#path = path;
    this.#attempts++;
    this.#attempt = new InviteAttempt({
      gateway,
      path,
      target,
      clock,
      timers,
      request: inviteRequest(gateway.core, {
        ...this.#options,
        ...dialled,
        fromTag: this.#fromTag,
        cseq: this.#attempts,
        leastIntervalS: this.context.timers.leastSessionS,
      }),
      hasNext: others.length > 0,
      isVeiled: target.protocol !== 'UDP' && this.context.networks.isTrusted(target.address),
      listener: {
        onProgress: (message, session) => this.#progress(path, message, session, dialled),
        onAnswered: (message, session) => this.#answered(path, message, session, dialled),
        onFailed: (cause, mayTryNext, message) => {
          this.#noteUnreached(cause, target);
          if (message !== undefined && this.#followed(message, [target, ...others], dialled)) return;
          const other = this.#otherOffer(cause, dialled);
          if (other !== undefined) return this.#try([target, ...others], other);
          if (mayTryNext) path.blameTarget();
          this.#failed(cause, mayTryNext ? others : [], dialled);
        },
        onFault: (error) => this.#fault(error),
      },
    });
  }

  /** A longer interval, or another address, is what the server wants: then the call goes on. */
  #followed(message: Core.IncomingResponseMessage, targets: readonly Target[], dialled: Dialled): boolean {
    const longer = withLongerInterval(message, dialled);
    if (longer !== undefined) this.#try(targets, longer);
    else if (!isRedirection(message)) return false;
    else this.#redirects?.add(message);
    return longer !== undefined || this.#redirect(dialled);
  }

  #redirect(dialled: Dialled): boolean {
    const next = this.#redirects?.next();
    if (next === undefined) return false;
    this.note('redirected', next.uri);
    this.emit({ kind: 'trying', code: 181 });
    this.#enqueue(() => this.#goTo(next, dialled));
    return true;
  }

  async #goTo({ address, isSips }: Redirection, dialled: Dialled): Promise<void> {
    try {
      const { targets, route } = await this.#findWay(address, isSips);
      if (this.#isBarred(targets)) return this.over(causeOf(403, 'gateway', tooManyUnreached));
      await this.#tryNext(targets, { ...dialled, route, target: address });
    } catch (error) {
      this.#failed(causeOfFault(error), [], dialled);
    }
  }

  #isBarred(targets: readonly Target[]): boolean {
    const { networks, reach } = this.context;
    return targets.some(({ address }) => networks.isTrusted(address)) && reach.isBarred(this.#options.from.aor);
  }

  #noteUnreached({ by }: EndCause, { address }: Target): void {
    const { networks, reach } = this.context;
    if (by === 'network' && networks.isTrusted(address)) reach.note(this.#options.from.aor);
  }

  #otherOffer(cause: EndCause, dialled: Dialled): Dialled | undefined {
    const other = this.#isOtherTried ? undefined : otherOffer(cause, dialled, this.context.policy);
    if (other === undefined) return undefined;
    this.#isOtherTried = true;
    const isPlain = other.media.encryption === 'none';
    this.note(isPlain ? 'offered without encryption' : 'offered with encryption', cause.detail);
    return other;
  }

  #failed(cause: EndCause, others: readonly Target[], dialled: Dialled): void {
    if (others.length === 0) {
      if (!this.#redirect(dialled)) this.over(cause);
      return;
    }
    this.note('next target', cause.detail);
    this.#enqueue(() => this.#tryNext(others, dialled));
  }

  async #tryNext(targets: readonly Target[], dialled: Dialled): Promise<void> {
    const { context } = this;
    const reopen = (target: Target) => this.#openMedia(target);
    const next = await offerFor(targets[0], dialled, { context, isEncryptionSettled: this.#isOtherTried, reopen });
    if (next !== undefined) this.#try(targets, next);
  }

  #progress(
    path: RequestPath,
    message: Core.IncomingResponseMessage,
    session: Core.Session | undefined,
    dialled: Dialled,
  ): void {
    this.#hear(path, message);
    const sdp = sdpOf(message);
    const hasEarly = sdp !== undefined && session !== undefined && this.#early === undefined;
    if (!hasEarly) return this.#enqueue(async () => this.#tellProgress(message));
    this.#early = session.id;
    this.#enqueue(() => this.#takeEarly(sdp, message, dialled));
  }

  /** Early media that cannot be used is done without; the answer may still be good. */
  async #takeEarly(sdp: string, message: Core.IncomingResponseMessage, dialled: Dialled): Promise<void> {
    try {
      await dialled.media.takeAnswer(sdp);
      this.emit({ kind: 'early', ...this.#acceptedBy(message, dialled) });
    } catch (error) {
      this.#early = undefined;
      this.note('early media not used', wordsOf(error));
      this.#tellProgress(message);
    }
  }

  #tellProgress({ statusCode: code = 100 }: Core.IncomingResponseMessage): void {
    this.emit(code === 180 ? { kind: 'ringing' } : { kind: 'trying', code });
  }

  #answered(path: RequestPath, message: Core.IncomingResponseMessage, session: Core.Session, dialled: Dialled): void {
    this.#hear(path, message);
    const dialog = new SipDialog({
      ...this.forDialog,
      path,
      session,
      made: message,
      media: dialled.media,
      role: 'uac',
      isAnswerDue: false,
      listener: { ...this.dialogListener(), onRefused: (code) => this.#changeRefused(code) },
    });
    this.adoptDialog(dialog);
    this.#enqueue(() => this.#takeAnswer(message, session, dialled));
  }

  async #takeAnswer(message: Core.IncomingResponseMessage, session: Core.Session, dialled: Dialled): Promise<void> {
    try {
      const sdp = sdpOf(message);
      // RFC 3261 s. 13.2.1 wants the answer in the 2xx; many leave it out after one in a 183.
      if (sdp === undefined && this.#early !== session.id)
        throw new Error('the call was answered without a session description');
      if (sdp !== undefined) await this.#settle(sdp, dialled.media);
      this.emit({ kind: 'answered', ...this.#acceptedBy(message, dialled) });
      this.tellHeld();
      this.begin();
    } catch (error) {
      void this.quit(causeOf(488, 'callee', wordsOf(error)));
    }
  }

  /**
   * The other leg has been told of the codec of the early media. Where the answer has another one (the answering
   * phone is not what played the announcement), the phone is asked for the first one by an offer of it alone.
   */
  async #settle(sdp: string, media: SipMedia): Promise<void> {
    try {
      await media.takeAnswer(sdp);
    } catch (error) {
      if (!(error instanceof NoCommonCodec) || media.codecs.length === 0) throw error;
      this.#isCodecAsked = true;
      this.note('codec asked for again', error.message);
      this.dialog?.refresh();
    }
  }

  #changeRefused(code: number): void {
    if (!this.#isCodecAsked) return this.note('change refused', `the other side refused the change with ${code}`);
    void this.quit(causeOf(488, 'callee', 'the phone answered with another codec than its early media had'));
  }

  #acceptedBy(message: Core.IncomingResponseMessage, { offer, media }: Dialled): Accepted {
    const headers = headersByPrefix(message, this.#options.headerPrefixes);
    return { ...this.accepted(offer, media), headers, callId: this.#options.callId };
  }

  #hear(path: RequestPath, message: Core.IncomingMessage): void {
    const flow = this.context.flowOf(message);
    if (flow !== undefined) path.heardFrom(flow);
  }

  #enqueue(work: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.isOver ? undefined : work()))
      .catch((error: unknown) => this.#fault(error));
  }

  #fault(error: unknown): void {
    this.context.log.error({ err: error, callId: this.callId }, 'a SIP response could not be worked on');
    void this.quit(causeOf(500, 'gateway', wordsOf(error)));
  }
}
