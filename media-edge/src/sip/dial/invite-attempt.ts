/**
 * One INVITE to one target, from the first packet until it is settled for good.
 *
 *     calling --1xx--> proceeding --2xx--> answered
 *        |                 |---3xx..6xx, no answer in time--> failed
 *        +--no word: Timer B, or the next target is tried--> failed
 *        +--cannot be sent, and veiled--> unsent --time is up--> failed
 *
 * Given up, it cancels as soon as it may, and undoes an answer that comes all the same.
 */
import type { Core } from 'sip.js';
import { causeOf, type EndCause } from '../../call/end-cause.ts';
import type { Clock, Timer } from '../../ports/clock.ts';
import { refreshTarget } from '../dialog/remote-target.ts';
import type { GatewayCore } from '../gateway-core.ts';
import { reasonHeader, reasonOf, reasonValue, safePhrase } from '../headers/reason-header.ts';
import { credentialsOf } from '../proofs.ts';
import type { SipTimers } from '../sip-timers.ts';
import { describe } from '../transport/flow.ts';
import type { RequestPath } from '../transport/request-path.ts';
import type { Target } from '../transport/resolver.ts';

export interface InviteAttemptOptions {
  readonly gateway: GatewayCore;
  readonly path: RequestPath;
  readonly target: Target;
  readonly clock: Clock;
  readonly timers: SipTimers;
  /** True if there is another target: this one may be silent for `tryNextMs` only. */
  readonly hasNext: boolean;
  /** True if the caller must not learn from how it fails whether something listens there. */
  readonly isVeiled: boolean;
  readonly request: Core.OutgoingRequestMessage;
  readonly listener: AttemptListener;
}

export interface AttemptListener {
  /** Any 1xx; `session` is the early dialog of all but 100. */
  onProgress(message: Core.IncomingResponseMessage, session: Core.Session | undefined): void;
  /** The first 2xx; it has been acknowledged. */
  onAnswered(message: Core.IncomingResponseMessage, session: Core.Session): void;
  /** @param mayTryNext true if another server may do better (RFC 3263 s. 4.3) */
  onFailed(cause: EndCause, mayTryNext: boolean, message?: Core.IncomingResponseMessage): void;
  /** Our own fault while working on a response. */
  onFault(error: unknown): void;
}

export class InviteAttempt {
  readonly #options: InviteAttemptOptions;
  readonly #invite: Core.OutgoingInviteRequest;
  #state: 'calling' | 'unsent' | 'proceeding' | 'over' = 'calling';
  /** Why it was given up. */
  #abandoned: EndCause | undefined;
  #patience: Timer | undefined;
  #hasAnswer = false;

  constructor(options: InviteAttemptOptions) {
    this.#options = options;
    const { gateway, path, request, hasNext, isVeiled, timers } = options;
    const patienceMs = hasNext ? timers.tryNextMs : timers.unreachedMs;
    if (hasNext || isVeiled) this.#patience = options.clock.after(patienceMs, () => this.#guard(() => this.#timeOut()));
    this.#invite = gateway.within(path, () => gateway.core.invite(request, this.#delegate()));
  }

  /** Nobody waits for it any longer. Safe to repeat. */
  abandon(cause: EndCause): void {
    if (this.#state === 'over' || this.#abandoned !== undefined) return;
    this.#abandoned = cause;
    this.#patience?.cancel();
    // RFC 3261 s. 9.1: no CANCEL before a 1xx. Without one, Timer B ends the transaction.
    if (this.#state === 'proceeding') this.#cancel();
  }

  #delegate(): Core.OutgoingInviteRequestDelegate {
    return {
      onTrying: ({ message }) => this.#guard(() => this.#progress(message, undefined)),
      onProgress: (response) => this.#guard(() => this.#earlyDialog(response)),
      onAccept: (response) => this.#guard(() => this.#answered(response)),
      onRedirect: ({ message }) => this.#guard(() => this.#refused(message)),
      onReject: ({ message }) => this.#guard(() => this.#refused(message)),
    };
  }

  #earlyDialog({ message, session, prack }: Core.PrackableIncomingResponseWithSession): void {
    const rseq = reliableNumber(message);
    if (rseq !== undefined) {
      const { gateway, path } = this.#options;
      gateway.within(path, () => prack({ extraHeaders: [`RAck: ${rseq} ${message.cseq} INVITE`] }));
    }
    this.#progress(message, session);
  }

  #progress(message: Core.IncomingResponseMessage, session: Core.Session | undefined): void {
    const isFirst = this.#state === 'calling';
    if (isFirst) this.#state = 'proceeding';
    if (this.#abandoned !== undefined) {
      if (isFirst) this.#cancel();
      return;
    }
    if (isFirst) this.#ring();
    this.#options.listener.onProgress(message, session);
  }

  #ring(): void {
    const { clock, timers } = this.#options;
    this.#patience?.cancel();
    this.#patience = clock.after(timers.noAnswerMs, () => this.#guard(() => this.#timeOut()));
  }

  #answered({ message, session, ack }: Core.AckableIncomingResponseWithSession): void {
    refreshTarget(session, message);
    ack({ extraHeaders: credentialsOf(this.#options.request) });
    const isWanted = this.#abandoned === undefined && !this.#hasAnswer;
    this.#hasAnswer = true;
    this.#state = 'over';
    this.#patience?.cancel();
    if (isWanted) return this.#options.listener.onAnswered(message, session);
    // RFC 3261 s. 13.2.2.4: a further branch answered, or it crossed with our CANCEL.
    const cause = this.#abandoned ?? causeOf(487, 'caller', 'another device answered');
    this.#options.gateway.within(this.#options.path, () =>
      session.bye(undefined, { extraHeaders: [reasonHeader(cause)] }),
    );
  }

  #refused(message: Core.IncomingResponseMessage): void {
    const hadWord = this.#state === 'proceeding';
    const isOwn = message.getHeader('via') === undefined;
    const isVeiled = this.#options.isVeiled && isOwn && !hadWord && this.#abandoned === undefined;
    this.#state = isVeiled ? 'unsent' : 'over';
    if (isVeiled) return;
    this.#patience?.cancel();
    if (this.#abandoned !== undefined) return;
    const cause = isOwn ? this.#silence(message.statusCode ?? 408) : refusal(message);
    const mayTryNext = isOwn ? !hadWord : message.statusCode === 503;
    this.#options.listener.onFailed(cause, mayTryNext, isOwn ? undefined : message);
  }

  #timeOut(): void {
    const isSilent = this.#state !== 'proceeding';
    const cause = isSilent ? this.#silence(408) : causeOf(408, 'callee', 'it rang, but nobody answered');
    this.abandon(cause);
    this.#options.listener.onFailed(cause, isSilent);
  }

  #silence(code: number): EndCause {
    const { target, path } = this.#options;
    const where = describe(target);
    if (code === 408) return causeOf(408, 'network', `no answer from ${where}`);
    const why = path.unsent === undefined ? '' : `: ${path.unsent}`;
    return causeOf(503, 'network', `nothing could be sent to ${where}${why}`);
  }

  #cancel(): void {
    const { gateway, path, clock, timers } = this.#options;
    gateway.within(path, () => this.#invite.cancel(reasonValue(this.#abandoned ?? causeOf(487, 'caller'))));
    // RFC 3261 s. 9.1: the INVITE gets its 487, or is given up after 64*T1.
    clock.after(64 * timers.t1Ms, () => {
      if (this.#state !== 'over') gateway.forget(this.#invite);
      this.#state = 'over';
    });
  }

  /** sip.js calls from its timers too, where an exception would end the process. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.listener.onFault(error);
    }
  }
}

/** RFC 3262 s. 4. */
function reliableNumber(message: Core.IncomingResponseMessage): number | undefined {
  const rseq = message.getHeader('rseq') ?? '';
  return /\b100rel\b/i.test(message.getHeader('require') ?? '') && /^\d{1,10}$/.test(rseq) ? Number(rseq) : undefined;
}

function refusal(message: Core.IncomingResponseMessage): EndCause {
  const code = message.statusCode ?? 500;
  const known = causeOf(code, 'callee');
  const words = reasonOf(message) ?? warningOf(message);
  const phrase = safePhrase(message.reasonPhrase ?? '').trim() || known.phrase;
  return { ...known, phrase, ...(words === undefined ? {} : { detail: words }) };
}

const warningOf = (message: Core.IncomingMessage): string | undefined =>
  /^\d{3} \S+ "([^"]{0,200})"/.exec(message.getHeader('warning') ?? '')?.[1];
