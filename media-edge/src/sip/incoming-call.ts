import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import { type Aor, aor, type CallId, type LegId, callId as toCallId } from '@sylk/protocol/ids.ts';
import type { Core } from 'sip.js';
import type { CallLeg } from '../call/call-leg.ts';
import { cancelledByCaller, causeOf, type EndCause } from '../call/end-cause.ts';
import type { Offer } from '../call/media.ts';
import type { PeerNetworks } from '../network/peer-networks.ts';
import type { CalledRegistration } from '../ports/called-registration.ts';
import type { Clock } from '../ports/clock.ts';
import type { PhoneClaim } from '../ports/phone-accounts.ts';
import type { Router } from '../ports/sfu.ts';
import type { IncomingInvite, Trace } from '../ports/sip-endpoint.ts';
import type { PlainDescription } from '../sdp/plain-read.ts';
import { type Provisional, ReliableProgress } from './dialog/reliable-progress.ts';
import { type DialogsOfLegs, replacedLeg } from './dialog/replaces.ts';
import { answerInterval, hasOption } from './dialog/session-interval.ts';
import { assertedHeaders, callerOf } from './headers/caller-identity.ts';
import { allHeaders } from './headers/custom-headers.ts';
import { reasonHeader, reasonOf, safePhrase } from './headers/reason-header.ts';
import { type CodecOrder, inOrder } from './media/codec-order.ts';
import { lateOfferCodecs } from './media/late-offer.ts';
import { neutralOffer } from './media/neutral-offer.ts';
import type { Prover } from './proofs.ts';
import type { PhoneInvite } from './registrar/phones.ts';
import type { SipTimers } from './sip-timers.ts';
import type { RequestPath } from './transport/request-path.ts';
import type { TrunkCall } from './trunk/trunks.ts';

export interface IncomingCallOptions {
  readonly invite: Core.InviteUserAgentServer;
  /** The caller's offer; without one we offer in our answer (RFC 3261 s. 13.2.1). */
  readonly offered: PlainDescription | undefined;
  /** See `MediaPolicy`. */
  readonly codecOrder?: CodecOrder;
  /** The account elsewhere whose Contact was called, and what proves our requests in its name. */
  readonly account?: (CalledRegistration & { readonly prove: Prover }) | undefined;
  /** What it is besides a call of anybody. */
  readonly phone?: PhoneInvite;
  /** For our own requests to the caller. */
  readonly path: RequestPath;
  readonly clock: Clock;
  readonly timers: SipTimers;
  readonly dialogs: DialogsOfLegs;
  /** What a trusted address asserts of callers is believed. */
  readonly networks: PeerNetworks;
  readonly makeLeg: (call: IncomingCall, router: Router, trace: Trace) => CallLeg;
  /** It has its final answer. */
  readonly onSettled: () => void;
  /** The caller has acknowledged that it is answered. */
  readonly onConfirmed: () => void;
  /** Nothing is left of it, answered or not. */
  readonly onGone: () => void;
}

/** An INVITE that waits for its final answer. Only the first final answer counts. */
export class IncomingCall implements IncomingInvite {
  readonly callId: CallId;
  readonly from: { readonly uri: Aor; readonly displayName: string };
  readonly to: Aor;
  readonly account: CalledRegistration | undefined;
  readonly prover: Prover | undefined;
  readonly uri: string;
  readonly contact: string | undefined;
  readonly caller: PhoneClaim | undefined;
  readonly phone: PhonePlace | undefined;
  readonly trunk: TrunkCall | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly offer: Offer;
  readonly offered: PlainDescription | undefined;
  readonly path: RequestPath;
  readonly replaces: LegId | undefined;
  readonly #options: IncomingCallOptions;
  readonly #reliable: ReliableProgress;
  readonly #callbacks: ((cause: EndCause) => void)[] = [];
  #cancelled: EndCause | undefined;
  #isSettled = false;

  constructor(options: IncomingCallOptions) {
    const { invite, offered, path } = options;
    const { message } = invite;
    this.#options = options;
    this.callId = toCallId(message.callId);
    const source = path.peerAddress;
    const isByTrunk = options.phone?.trunk?.isTrusted === true;
    const isTrusted = isByTrunk || (source !== undefined && options.networks.isTrusted(source));
    this.from = callerOf(message, isTrusted);
    this.replaces = replacedLeg(message, options.dialogs);
    this.#reliable = new ReliableProgress({
      ...options,
      send: (response, headers) => this.#send(response, headers),
      onGivenUp: () => this.#fail(causeOf(504, 'network', 'the caller never acknowledged that it rings (no PRACK)')),
    });
    this.to = aor(`${message.ruri?.user ?? ''}@${message.ruri?.host ?? ''}`);
    this.account = options.account;
    this.prover = options.account?.prove;
    const { claim, toFlow, trunk } = options.phone ?? {};
    this.caller = claim;
    this.trunk = trunk;
    this.uri = message.ruri?.toRaw() ?? '';
    this.contact = message.headers.Contact?.[0]?.parsed?.uri.toRaw();
    if (toFlow !== undefined) this.phone = { key: '', contact: this.uri, q: 1000, path: [toFlow] };
    this.headers = isTrusted ? allHeaders(message) : withoutAsserted(allHeaders(message));
    this.offered = offered;
    this.offer = offered === undefined ? lateOffer(options.codecOrder) : neutralOffer(offered, options.codecOrder);
    this.path = path;
    invite.delegate = {
      onCancel: (cancel) => this.#cancel({ ...cancelledByCaller, ...detailOf(cancel) }),
      onTransportError: () => this.#fail(causeOf(503, 'network', 'the caller can no longer be reached')),
    };
  }

  onCancelled(callback: (cause: EndCause) => void): void {
    if (this.#cancelled !== undefined) callback(this.#cancelled);
    else this.#callbacks.push(callback);
  }

  leg(router: Router, trace: Trace): CallLeg {
    return this.#options.makeLeg(this, router, trace);
  }

  /** Whoever took it has forgotten it. */
  expire(): void {
    this.#fail(causeOf(480, 'gateway', 'nobody decided about this call'));
  }

  confirmed(): void {
    this.#options.onConfirmed();
  }

  /** Its leg is over. */
  gone(): void {
    this.#options.onGone();
  }

  /** The INVITE itself. */
  get invite(): Core.IncomingRequestMessage {
    return this.#options.invite.message;
  }

  /** Resolves when the caller has acknowledged what it was told reliably. */
  get progressKnown(): Promise<void> {
    return this.#reliable.settled;
  }

  /** Sends a 1xx; none after the final answer. Reliably where the caller insists, or where it has an answer in it. */
  progress(statusCode: 180 | 183, body?: Core.Body): void {
    if (this.#isSettled) return;
    const response = { statusCode, ...(body === undefined ? {} : { body }) };
    const isWanted = hasOption(this.invite, 'supported', '100rel') && body !== undefined;
    if (isWanted || hasOption(this.invite, 'require', '100rel')) this.#reliable.send(response);
    else this.#send(response, []);
  }

  #send(response: Provisional, extraHeaders: readonly string[]): void {
    if (this.#isSettled) return;
    const { session } = this.#options.invite.progress({ ...response, extraHeaders: [...extraHeaders] });
    session.delegate = {
      onPrack: (request) => this.#reliable.acknowledged(request, this.invite.cseq),
      // RFC 3261 s. 15: a caller may also end an early dialog; its INVITE gets 487 all the same.
      onBye: (bye) => {
        bye.accept();
        this.#cancel({ ...cancelledByCaller, ...detailOf(bye.message) });
      },
    };
  }

  /** Sends the 200. @throws Error when it had a final answer before */
  accept(body: Core.Body): Core.Session {
    if (this.#isSettled) throw new Error('the call has been answered already');
    const { timers } = this.#options;
    this.#settle();
    const answer = answerInterval(this.invite, { wantedS: timers.sessionS, leastS: timers.leastSessionS });
    const extraHeaders = answer.kind === 'agree' ? [...answer.headers] : [];
    return this.#options.invite.accept({ statusCode: 200, body, extraHeaders }).session;
  }

  reject(cause: EndCause): void {
    if (this.#isSettled) return;
    this.#settle();
    this.gone();
    const { code, phrase } = toFailure(cause);
    this.#options.invite.reject({
      statusCode: code,
      reasonPhrase: safePhrase(phrase),
      extraHeaders: [reasonHeader(cause), ...retryAfterOf(cause)],
    });
  }

  /** RFC 3261 s. 9.2. */
  #cancel(cause: EndCause): void {
    if (this.#isSettled) return;
    this.#settle();
    this.gone();
    this.#options.invite.reject({ statusCode: 487 });
    this.#tell(cause);
  }

  /** Nobody can answer it any more; the transaction gets a final answer, as only that ends it in sip.js. */
  #fail(cause: EndCause): void {
    if (this.#isSettled) return;
    this.reject(cause);
    this.#tell(cause);
  }

  #tell(cause: EndCause): void {
    this.#cancelled = cause;
    for (const callback of this.#callbacks) callback(cause);
  }

  #settle(): void {
    this.#isSettled = true;
    this.#reliable.close();
    this.#options.onSettled();
  }
}

const withoutAsserted = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !assertedHeaders.has(name.toLowerCase())));

const lateOffer = (order: CodecOrder | undefined): Offer => ({
  lines: [{ kind: 'audio', direction: 'sendrecv', codecs: inOrder(lateOfferCodecs, order) }],
});

/** A call that was not taken needs a failure; a challenge of another leg's server is not for this caller. */
function toFailure(cause: EndCause): { code: number; phrase: string } {
  if (cause.code === 401 || cause.code === 407) return causeOf(403, cause.by);
  return cause.code < 400 ? causeOf(480, cause.by) : cause;
}

const retryAfterOf = ({ retryAfterS }: EndCause): readonly string[] =>
  retryAfterS === undefined ? [] : [`Retry-After: ${retryAfterS}`];

function detailOf(message: Core.IncomingMessage): { detail?: string } {
  const words = reasonOf(message);
  return words === undefined ? {} : { detail: words };
}
