import type { CallId, LegId } from '@sylk/protocol/ids.ts';
import type { TextOutcome } from '../ports/call-text.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { CallLeg, LegEvent } from './call-leg.ts';
import { type EndCause, reasonText } from './end-cause.ts';
import { causeOfFailure } from './failure.ts';
import { type LegWork, legWorkOf } from './leg-work.ts';
import type { Offer, Source } from './media.ts';
import { Serial } from './serial.ts';
import { type CallState, newCall, next } from './state.ts';
import type { CallEffect, CallInput, Side } from './steps.ts';
import type { TransferTarget } from './transfer.ts';

export interface CallOptions {
  readonly id: CallId;
  readonly a: CallLeg;
  /** What the A-leg offers; B-legs are dialled with it. */
  readonly offer: Offer;
  readonly clock: Clock;
  readonly log: Log;
  /** A B-leg answered and has the call. */
  onWon(leg: LegId): void;
  /** A side hands the other one on: begin with it by `beginTransfer`, or tell the side why not. */
  onTransfer(by: Side, to: TransferTarget): void;
  /** Whoever asked for the transfer has left; the other side is nobody's now. */
  onLeft(side: HeldSide): void;
  /** Once; all legs have been told to end. */
  onOver(cause: EndCause, wasAnswered: boolean): void;
}

/** One side of an answered call, as another call can go on with it. */
export interface HeldSide {
  readonly leg: CallLeg;
  /** What it puts into the call. */
  readonly sources: readonly Source[];
  readonly isHolding: boolean;
  /** The other side holds it. */
  readonly isHeld: boolean;
}

/** Two legs, or one and several that ring: carries out what state.ts decides, in order for each leg. */
export class Call {
  readonly id: CallId;
  readonly #options: CallOptions;
  readonly #legs = new Map<'a' | LegId, { readonly leg: CallLeg; readonly work: Serial }>();
  readonly #timers = new Map<'ring' | 'update', Timer>();
  readonly #inputs: CallInput[] = [];
  readonly #ends: Promise<void>[] = [];
  #isBusy = false;
  #state: CallState = newCall;

  constructor(options: CallOptions) {
    this.id = options.id;
    this.#options = options;
    this.#join('a', options.a, (event) => this.#take({ kind: 'fromA', event }));
  }

  get state(): CallState['name'] {
    return this.#state.name;
  }

  /** Dials these, and waits `ringMs` at most for an answer. */
  dial(legs: readonly CallLeg[], ringMs: number): void {
    for (const leg of legs) this.#joinB(leg);
    this.#take({ kind: 'dialled', legs: legs.map((leg) => leg.id), ringMs });
  }

  /** Dials one more, as long as nobody has answered. */
  add(leg: CallLeg): void {
    this.#joinB(leg);
    this.#take({ kind: 'added', leg: leg.id });
  }

  end(cause: EndCause): void {
    this.#take({ kind: 'end', cause });
  }

  /** A side as it is now; `undefined` unless the call is answered and goes on. */
  side(side: Side): HeldSide | undefined {
    const state = this.#state;
    if (state.name !== 'talking') return undefined;
    const leg = this.#legs.get(side === 'a' ? 'a' : state.winner)?.leg;
    if (leg === undefined) return undefined;
    const sources = side === 'a' ? state.sourcesOfA : state.sourcesOfB;
    return { leg, sources, isHolding: state.isHeldBy[side], isHeld: state.isHeldBy[opposite(side)] };
  }

  /** Ends the call for the other side, with this cause; this one goes on elsewhere. */
  handOver(side: Side, cause: EndCause): HeldSide | undefined {
    const held = this.side(side);
    if (held !== undefined) this.#take({ kind: 'handOver', side, cause });
    return held;
  }

  /** From now on the other side stays, should this one leave. */
  beginTransfer(by: Side): void {
    this.#take({ kind: 'transferBegun', by });
  }

  failTransfer(): void {
    this.#take({ kind: 'transferFailed' });
  }

  /** Resolves when the legs that were ended so far have said goodbye. */
  async settled(): Promise<void> {
    await Promise.all(this.#ends);
  }

  #joinB(leg: CallLeg): void {
    this.#join(leg.id, leg, (event) => this.#take({ kind: 'fromB', leg: leg.id, event }));
  }

  #join(name: 'a' | LegId, leg: CallLeg, listener: (event: LegEvent) => void): void {
    this.#legs.set(name, { leg, work: new Serial() });
    leg.listen(listener);
  }

  /** A leg may tell news while it is told something itself; they wait for the effects before them. */
  #take(input: CallInput): void {
    this.#inputs.push(input);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let turn = this.#inputs.shift(); turn; turn = this.#inputs.shift()) this.#turn(turn);
    } finally {
      this.#isBusy = false;
    }
  }

  #turn(input: CallInput): void {
    const before = this.#state;
    const [state, effects] = next(before, input);
    this.#state = state;
    for (const effect of effects) this.#perform(effect, before);
    if ('event' in input && input.event.kind === 'written' && !effects.some(isWrite)) input.event.settle(nobodyThere);
  }

  #perform(effect: CallEffect, before: CallState): void {
    switch (effect.do) {
      case 'start':
      case 'trying':
      case 'ring':
      case 'accept':
      case 'connect':
      case 'answerUpdate':
      case 'hold':
      case 'dtmf':
      case 'limit':
        this.#ask(legWorkOf(effect, this.#options.offer));
        break;
      case 'offer':
        void this.#offer(effect.to, effect.leg, effect.offer);
        break;
      case 'write':
        void this.#write(effect);
        break;
      case 'abandon':
        this.#legs.get(effect.leg)?.leg.abandonUpdate?.();
        break;
      case 'end':
        this.#end(effect.leg, effect.cause);
        break;
      case 'arm':
        this.#arm(effect.timer, effect.ms);
        break;
      case 'disarm':
        this.#timers.get(effect.timer)?.cancel();
        break;
      case 'transfer':
        this.#options.onTransfer(effect.by, effect.to);
        break;
      case 'yield':
        this.#yield(effect, before);
        break;
      case 'won':
        this.#options.onWon(effect.leg);
        break;
      case 'over':
        this.#options.onOver(effect.cause, effect.wasAnswered);
        break;
    }
  }

  #yield({ side, leg: name, isLeft }: CallEffect & { do: 'yield' }, before: CallState): void {
    const leg = this.#legs.get(name)?.leg;
    this.#legs.delete(name);
    if (!isLeft || leg === undefined || before.name !== 'talking') return;
    const sources = side === 'a' ? before.sourcesOfA : before.sourcesOfB;
    const isHeld = before.isHeldBy[opposite(side)];
    this.#options.onLeft({ leg, sources, isHolding: before.isHeldBy[side], isHeld });
  }

  #ask(work: LegWork): void {
    const member = this.#legs.get(work.leg);
    member?.work.run(() => work.run(member.leg)).catch((error: unknown) => this.#failed(work, error));
  }

  /** A leg that fails in what matters is of no use to the call any more. */
  #failed({ leg: name, isVital }: LegWork, error: unknown): void {
    this.#options.log.warn({ call: this.id, leg: name, err: error }, 'a leg failed');
    if (!isVital) return;
    const cause = causeOfFailure(error);
    this.#end(name, cause);
    const event: LegEvent = { kind: 'ended', cause };
    this.#take(name === 'a' ? { kind: 'fromA', event } : { kind: 'fromB', leg: name, event });
  }

  /** Not in line with the other work: the answer may take as long as a person does. */
  async #offer(to: Side, name: 'a' | LegId, offer: Offer): Promise<void> {
    const leg = this.#legs.get(name)?.leg;
    if (!leg) return;
    await leg.update(offer).then(
      (accepted) => this.#take({ kind: 'updateAnswered', to, accepted }),
      (error: unknown) => {
        this.#options.log.info({ call: this.id, err: error }, 'a change was refused');
        this.#take({ kind: 'updateRefused', to });
      },
    );
  }

  /** Not in line with the other work either. */
  async #write({ leg: name, text, settle }: CallEffect & { do: 'write' }): Promise<void> {
    const leg = this.#legs.get(name)?.leg;
    settle((await leg?.write?.(text)) ?? takesNone);
  }

  #end(name: 'a' | LegId, cause: EndCause): void {
    const member = this.#legs.get(name);
    this.#options.log.debug({ call: this.id, leg: name, reason: reasonText(cause) }, 'a leg is ended');
    // Whatever becomes of one leg, the call has to come to its end.
    const failed = (error: unknown) =>
      this.#options.log.error({ call: this.id, leg: name, err: error }, 'a leg has not ended');
    if (member) this.#ends.push(member.leg.end(cause).catch(failed));
  }

  #arm(timer: 'ring' | 'update', ms: number): void {
    this.#timers.get(timer)?.cancel();
    this.#timers.set(
      timer,
      this.#options.clock.after(ms, () => this.#take({ kind: 'timeUp', timer })),
    );
  }
}

const isWrite = (effect: CallEffect): boolean => effect.do === 'write';
const nobodyThere: TextOutcome = { code: 481, reason: 'The call is not answered yet, or is over' };
const takesNone: TextOutcome = { code: 405, reason: 'The other side takes no messages' };
const opposite = (side: Side): Side => (side === 'a' ? 'b' : 'a');
