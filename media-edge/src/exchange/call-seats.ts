import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { TrunkUse } from '../ports/sip-endpoint.ts';

/** What the operator allows at this edge. */
export interface CallLimits {
  /** Calls that one account may have at a time, as caller and as called. */
  readonly perAccount: number;
  /** Calls from which on none are taken from SIP. */
  readonly perEdge: number;
  /** How long a call may last after its answer. */
  readonly longestMs: number;
}

/** How many calls everybody has at this edge who may have only so many. */
export class EdgeSeats {
  readonly clock: Clock;
  readonly limits: CallLimits;
  readonly #taken = new Map<string, number>();

  constructor(clock: Clock, limits: CallLimits) {
    this.clock = clock;
    this.limits = limits;
  }

  ofCall(): CallSeats {
    return new CallSeats(this);
  }

  /** @returns false if all of them are taken */
  take(key: string, most: number): boolean {
    const taken = this.#taken.get(key) ?? 0;
    if (taken >= most) return false;
    this.#taken.set(key, taken + 1);
    return true;
  }

  release(key: string): void {
    const left = (this.#taken.get(key) ?? 1) - 1;
    if (left > 0) this.#taken.set(key, left);
    else this.#taken.delete(key);
  }
}

/** What one call takes of what there is for an account or a trunk, and of its time. */
export class CallSeats {
  readonly #edge: EdgeSeats;
  readonly #taken = new Set<string>();
  #longestMs: number;
  #timeUp: Timer | undefined;

  constructor(edge: EdgeSeats) {
    this.#edge = edge;
    this.#longestMs = edge.limits.longestMs;
  }

  /** @returns why this account may not call now */
  ofCaller(account: string): EndCause | undefined {
    const { perAccount } = this.#edge.limits;
    if (this.#take(`account ${account}`, perAccount)) return undefined;
    return refused('Too many calls at once', `${account} has ${perAccount} calls already (see SYLK_CALLS_PER_ACCOUNT)`);
  }

  /** @returns why this account cannot be called now */
  ofCalled(account: string): EndCause | undefined {
    const { perAccount } = this.#edge.limits;
    if (this.#take(`account ${account}`, perAccount)) return undefined;
    return causeOf(486, 'gateway', `${account} has ${perAccount} calls already`);
  }

  /** @returns why this trunk takes no call now */
  ofTrunk({ trunk, maxCalls = Number.POSITIVE_INFINITY, maxCallMinutes }: TrunkUse): EndCause | undefined {
    if (!this.#take(`trunk ${trunk}`, maxCalls))
      return refused('All lines are busy', `the trunk ${trunk} has ${maxCalls} calls already, as many as it may`);
    if (maxCallMinutes !== undefined) this.#longestMs = Math.min(this.#longestMs, maxCallMinutes * 60_000);
    return undefined;
  }

  /** The call is answered: its time begins. */
  begin(onTimeUp: (cause: EndCause) => void): void {
    const minutes = Math.round(this.#longestMs / 60_000);
    const detail = `a call may last ${minutes} minutes here`;
    const cause: EndCause = { code: 480, phrase: 'Call time is over', by: 'operator', detail };
    this.#timeUp = this.#edge.clock.after(this.#longestMs, () => onTimeUp(cause));
  }

  release(): void {
    this.#timeUp?.cancel();
    for (const key of this.#taken) this.#edge.release(key);
    this.#taken.clear();
  }

  /** Whoever has this call already, as who calls itself, needs no second seat. */
  #take(key: string, most: number): boolean {
    if (this.#taken.has(key)) return true;
    if (!this.#edge.take(key, most)) return false;
    this.#taken.add(key);
    return true;
  }
}

const refused = (phrase: string, detail: string): EndCause => ({ code: 503, phrase, by: 'operator', detail });
