import type { Attachment, CallRow } from '@sylk/protocol/edge/commands.ts';
import { type Aor, aor, type LegId, type SessionKey } from '@sylk/protocol/ids.ts';
import { dialMs, ringMs } from '@sylk/protocol/limits.ts';
import { Call } from '../call/call.ts';
import type { CallLeg } from '../call/call-leg.ts';
import { causeOf, type EndCause, reasonText } from '../call/end-cause.ts';
import type { Offer } from '../call/media.ts';
import type { Route } from '../call/route.ts';
import { EchoLeg } from '../echo/echo-leg.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Router } from '../ports/sfu.ts';
import { CalledAccount } from './called-account.ts';
import { newLegId } from './identity.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';

export interface LiveCallOptions {
  readonly parts: ExchangeParts;
  readonly plan: CallPlan;
  readonly ladder: Ladder;
  readonly router: Router;
  readonly a: CallLeg;
  readonly offer: Offer;
  /** The caller, if it is a browser: who it is, and its session. */
  readonly caller?: { readonly from: Attachment; readonly key: SessionKey };
}

/** One call of the edge from its routing to its end: its legs, its router, its ladder. */
export class LiveCall {
  readonly #options: LiveCallOptions;
  readonly #call: Call;
  readonly #beganAt: number;
  #account: CalledAccount | undefined;
  #onGone: () => void = () => undefined;
  /** The called device that answered. */
  #winner: SessionKey | undefined;

  constructor(options: LiveCallOptions) {
    const { plan, a, offer, parts } = options;
    this.#options = options;
    this.#beganAt = parts.clock.now();
    this.#call = new Call({
      id: plan.id,
      a,
      offer,
      clock: parts.clock,
      log: parts.log,
      onWon: (leg) => this.#won(leg),
      onOver: (cause, wasAnswered) => {
        this.#over(cause, wasAnswered).catch((error: unknown) => this.#log(error, 'the end of a call was not seen to'));
      },
    });
    parts.observer.began();
    parts.log.info({ callId: plan.id, from: plan.from.uri, to: plan.to }, 'a call begins');
  }

  get row(): CallRow {
    const { plan, caller } = this.#options;
    const key = caller?.key ?? this.#winner;
    const row = { call: plan.id, from: plan.from.uri, to: plan.to, state: this.#call.state, sinceMs: this.#beganAt };
    return key === undefined ? row : { ...row, key };
  }

  /** All sessions that have part in it. */
  get sessionKeys(): readonly SessionKey[] {
    const { caller } = this.#options;
    return [...(caller ? [caller.key] : []), ...(this.#account?.sessionKeys ?? [])];
  }

  /** Calls the other side. Never rejects: what goes wrong here ends the call. */
  async dial(way: Route): Promise<void> {
    try {
      await this.#dial(way);
    } catch (error) {
      this.#log(error, 'a call could not be dialled');
      this.#call.end(causeOf(500, 'gateway'));
    }
  }

  async #dial(way: Route): Promise<void> {
    switch (way.to) {
      case 'nowhere':
        return this.#call.end(way.cause);
      case 'echo':
        return this.#call.dial([new EchoLeg(newLegId())], ringMs);
      case 'sip':
        return this.#call.dial([this.#sipLeg(way.uri)], dialMs);
      case 'account':
        return this.#ring(way.aor);
    }
  }

  /** A device signed in: it rings too, if its account is called. @returns false if it is not, or not any more */
  addDevice(to: Attachment, session: string): boolean {
    const account = this.#account;
    const isCalled = account?.aor === to.aor && account.session === session;
    if (!isCalled || this.#call.state !== 'calling') return false;
    this.#call.add(account.add(to));
    return true;
  }

  /** Calls back once nothing of it is left. */
  onGone(callback: () => void): void {
    this.#onGone = callback;
  }

  end(cause: EndCause): void {
    this.#call.end(cause);
  }

  #log(error: unknown, text: string): void {
    this.#options.parts.log.error({ callId: this.#options.plan.id, err: error }, text);
  }

  #sipLeg(to: string): CallLeg {
    const { parts, plan, caller, router, ladder } = this.#options;
    const from = { aor: caller?.from.aor ?? aor(plan.from.uri), displayName: caller?.from.displayName };
    const headerPrefixes = caller?.from.headerPrefixes ?? [];
    return parts.sip.dial({
      callId: plan.id,
      from,
      to,
      headers: plan.headers,
      headerPrefixes,
      router,
      trace: ladder.add,
    });
  }

  async #ring(called: Aor): Promise<void> {
    const { parts, plan, router, ladder, caller } = this.#options;
    const account = new CalledAccount({ parts, plan, router, ladder, aor: called, caller: caller?.from });
    this.#account = account;
    const legs = await account.devices();
    if ('code' in legs) this.#call.end(legs);
    else this.#call.dial(legs, ringMs);
  }

  #won(leg: LegId): void {
    const { parts, plan } = this.#options;
    const setUpMs = parts.clock.now() - this.#beganAt;
    parts.observer.answered(setUpMs);
    parts.log.info({ callId: plan.id, setUpMs }, 'a call is answered');
    this.#winner = this.#account?.won(leg);
  }

  async #over(cause: EndCause, wasAnswered: boolean): Promise<void> {
    const { parts, plan, ladder, router } = this.#options;
    ladder.close(cause);
    parts.observer.ended(cause.code, wasAnswered);
    parts.log.info(
      { callId: plan.id, reason: reasonText(cause), by: cause.by, detail: cause.detail },
      'a call is over',
    );
    await this.#call.settled();
    this.#onGone();
    router.close();
    await this.#account?.over({ cause, wasAnswered });
  }
}
