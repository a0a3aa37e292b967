import type { Attachment, CallRow } from '@sylk/protocol/edge/commands.ts';
import type { PhonePlace } from '@sylk/protocol/edge/phones.ts';
import { type Aor, aor, type LegId, type SessionKey } from '@sylk/protocol/ids.ts';
import { dialMs, ringMs } from '@sylk/protocol/limits.ts';
import { Call, type HeldSide } from '../call/call.ts';
import type { CallLeg } from '../call/call-leg.ts';
import { causeOf, type EndCause, reasonText } from '../call/end-cause.ts';
import type { Offer } from '../call/media.ts';
import type { Route } from '../call/route.ts';
import type { StayingLeg } from '../call/staying-leg.ts';
import type { Side } from '../call/steps.ts';
import type { TransferProgress, TransferTarget } from '../call/transfer.ts';
import { EchoLeg } from '../echo/echo-leg.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Router } from '../ports/sfu.ts';
import type { CallSeats } from './call-seats.ts';
import { CalledAccount, type CalledAccountOptions } from './called-account.ts';
import { numberToDial } from './dialled-number.ts';
import { newLegId } from './identity.ts';
import { legElsewhere } from './leg-elsewhere.ts';
import { MediaLooks } from './media-looks.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';
import type { Party } from './party.ts';
import { phoneLeg } from './phone-leg.ts';
import type { RouterUse } from './router-use.ts';

export interface LiveCallOptions {
  readonly parts: ExchangeParts;
  readonly plan: CallPlan;
  readonly ladder: Ladder;
  /** The first one is for legs that are dialled; the others are those of legs that came from other calls. */
  readonly uses: readonly RouterUse[];
  readonly a: CallLeg;
  readonly offer: Offer;
  /** The caller, if it is a browser: who it is, and its session. */
  readonly caller?: Party['client'];
  /** Carries out that one side hands the other on. */
  readonly transfer: (call: LiveCall, by: Side, to: TransferTarget) => Promise<void>;
}

/** A transfer that is under way. */
interface PendingTransfer {
  readonly leg: StayingLeg;
  end(cause: EndCause): void;
}

/** One call of the edge from its routing to its end: its legs, its router, its ladder. */
export class LiveCall {
  readonly #options: LiveCallOptions;
  readonly #call: Call;
  readonly #seats: CallSeats;
  readonly #beganAt: number;
  readonly #looks: MediaLooks;
  #account: CalledAccount | undefined;
  #onGone: () => void = () => undefined;
  /** The called device that answered. */
  #winner: SessionKey | undefined;
  /** Who has come from another call to be the callee. */
  #joined: Party | undefined;
  #transfer: PendingTransfer | undefined;

  constructor(options: LiveCallOptions) {
    const { plan, a, offer, parts, ladder } = options;
    this.#options = options;
    this.#beganAt = parts.clock.now();
    this.#seats = parts.seats.ofCall();
    this.#call = new Call({
      id: plan.id,
      a,
      offer,
      clock: parts.clock,
      log: parts.log,
      onWon: (leg) => this.#won(leg),
      onTransfer: (by, to) => this.#asked(by, to),
      onLeft: (side) => this.#left(side),
      onOver: (cause, wasAnswered) => {
        this.#over(cause, wasAnswered).catch((error: unknown) => this.#log(error, 'the end of a call was not seen to'));
      },
    });
    this.#looks = new MediaLooks({ ...parts, course: ladder.media, call: this.#call });
    parts.observer.began();
    parts.log.info({ callId: plan.id, from: plan.from.uri, to: plan.to }, 'a call begins');
  }

  get row(): CallRow {
    const { plan, caller } = this.#options;
    const key = caller?.key ?? this.#winner ?? this.#joined?.client?.key;
    const row = { call: plan.id, from: plan.from.uri, to: plan.to, state: this.#call.state, sinceMs: this.#beganAt };
    return key === undefined ? row : { ...row, key };
  }

  /** All sessions that have part in it. */
  get sessionKeys(): readonly SessionKey[] {
    const { caller } = this.#options;
    const joined = this.#joined?.client;
    return [...(caller ? [caller.key] : []), ...(joined ? [joined.key] : []), ...(this.#account?.sessionKeys ?? [])];
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
    const full = this.#mayCall();
    if (full !== undefined) return this.#call.end(full);
    switch (way.to) {
      case 'nowhere':
        return this.#call.end(way.cause);
      case 'echo':
        return this.#call.dial([new EchoLeg(newLegId())], ringMs);
      case 'number':
        return this.#dialNumber(way.number);
      case 'phone':
        return this.#call.dial([this.#phoneLeg(way.place)], ringMs);
      case 'sip':
        return this.#call.dial([legElsewhere(this.#options, this.#router, way.uri)], dialMs);
      case 'account':
        return this.#ring(way);
    }
  }

  /** The callee is a leg of another call, which answers at once. */
  join(leg: CallLeg, callee: Party): void {
    this.#joined = callee;
    this.#call.dial([leg], ringMs);
  }

  get isTransferring(): boolean {
    return this.#transfer !== undefined;
  }

  side(side: Side): HeldSide | undefined {
    return this.#call.side(side);
  }

  /** The side that has this leg. */
  sideOf(leg: LegId): Side | undefined {
    return (['a', 'b'] as const).find((side) => this.#call.side(side)?.leg.id === leg);
  }

  /** Who is at this end. */
  party(side: Side): Party {
    const { plan, caller } = this.#options;
    if (side === 'a')
      return { identity: plan.from, isVerified: plan.isFromVerified, ...(caller ? { client: caller } : {}) };
    const client = this.#account?.client;
    if (client === undefined) return this.#joined ?? { identity: { uri: plan.to }, isVerified: false };
    return { identity: { uri: client.from.aor, display_name: client.from.displayName }, isVerified: true, client };
  }

  handOver(side: Side, cause: EndCause): HeldSide | undefined {
    // The other call has the side now, so the end of this one is not its end.
    this.#transfer = undefined;
    return this.#call.handOver(side, cause);
  }

  beginTransfer(by: Side, pending: PendingTransfer): void {
    this.#transfer = pending;
    this.#call.beginTransfer(by);
  }

  /** Tells the side that asked for the transfer how far it is. */
  tellTransfer(by: Side, progress: TransferProgress): void {
    const leg = this.#call.side(by)?.leg;
    this.#note(progress);
    if (progress.state === 'failed') {
      this.#transfer = undefined;
      this.#call.failTransfer();
    }
    leg
      ?.transferring?.(progress)
      .catch((error: unknown) => this.#log(error, 'a side could not be told of its transfer'));
  }

  /** Routers of this call, for a call that goes on with one of its legs. */
  shareRouters(): readonly RouterUse[] {
    return this.#options.uses.map((use) => use.share());
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

  #asked(by: Side, to: TransferTarget): void {
    this.#options.transfer(this, by, to).catch((error: unknown) => {
      this.#log(error, 'a transfer failed');
      this.tellTransfer(by, { state: 'failed', cause: causeOf(500, 'gateway') });
    });
  }

  /** Whoever asked for the transfer has hung up. */
  #left(side: HeldSide): void {
    const pending = this.#transfer;
    this.#transfer = undefined;
    pending?.leg.left(side).catch((error: unknown) => this.#log(error, 'a side could not wait for its new partner'));
  }

  #note(progress: TransferProgress): void {
    const detail = progress.state === 'failed' ? { detail: reasonText(progress.cause) } : {};
    this.#options.ladder.add({ from: 'gateway', to: 'gateway', label: `transfer ${progress.state}`, ...detail });
  }

  get #router(): Router {
    const [use] = this.#options.uses;
    if (use === undefined) throw new Error('a call has at least one router');
    return use.router;
  }

  /** The account of ours that has proven to be the caller. */
  #caller(): Aor | undefined {
    const { plan, caller } = this.#options;
    return caller?.from.aor ?? (plan.isFromVerified ? aor(plan.from.uri) : undefined);
  }

  #mayCall(): EndCause | undefined {
    const { trunk } = this.#options.plan;
    const caller = this.#caller();
    return (caller && this.#seats.ofCaller(caller)) ?? (trunk && this.#seats.ofTrunk(trunk));
  }

  /** Numbers cost money: they are dialled for those only who may. */
  async #dialNumber(dialled: string): Promise<void> {
    const { parts, plan } = this.#options;
    const account = plan.onBehalfOf ?? this.#caller();
    const number = await numberToDial(parts, plan, { account, dialled }, this.#seats);
    if ('code' in number) return this.#call.end(number);
    const leg = legElsewhere(this.#options, this.#router, plan.to, number);
    this.#call.dial([leg], dialMs);
  }

  /** The account is known to the edge that sent the call here. */
  #phoneLeg(place: PhonePlace): CallLeg {
    const { parts, plan, ladder } = this.#options;
    return phoneLeg({ parts, plan, router: this.#router, ladder }, aor(plan.to), place);
  }

  async #ring(called: Pick<CalledAccountOptions, 'aor' | 'credentials'>): Promise<void> {
    const { parts, plan, ladder, caller } = this.#options;
    const router = this.#router;
    const isFull = () => this.#seats.ofCalled(called.aor);
    const account = new CalledAccount({ parts, plan, router, ladder, ...called, caller: caller?.from, isFull });
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
    this.#looks.start();
    this.#seats.begin((cause) => this.#call.end(cause));
  }

  async #over(cause: EndCause, wasAnswered: boolean): Promise<void> {
    const { parts, plan, ladder, uses } = this.#options;
    // The side that was to be handed on has hung up.
    this.#transfer?.end(cause);
    this.#looks.stop();
    ladder.close(cause);
    this.#seats.release();
    parts.observer.ended(cause.code, wasAnswered);
    parts.log.info(
      { callId: plan.id, reason: reasonText(cause), by: cause.by, detail: cause.detail },
      'a call is over',
    );
    await this.#call.settled();
    this.#onGone();
    for (const use of uses) use.release();
    await this.#account?.over({ cause, wasAnswered });
  }
}
