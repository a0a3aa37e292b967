import type { Clock, Timer } from './clock.ts';
import { uuid } from './identifiers.ts';
import type { PeerConnection } from './peer-connection.ts';
import type { Reply } from './pending-requests.ts';

/** A change of a call's media, and how it is taken back when the other side refuses. */
export interface MediaChange {
  apply(): void | Promise<void>;
  undo(): void | Promise<void>;
}

export interface NegotiationOptions {
  readonly clock: Clock;
  readonly peer: PeerConnection;
  /** Sends `session-update`. */
  send(sdp: string, transaction: string): Promise<Reply>;
}

/** How the gateway answered an offer of ours. */
export type UpdateOutcome =
  | { readonly state: 'accepted'; readonly sdp: string; readonly transaction?: string | null }
  | { readonly state: 'failed'; readonly reason: string; readonly transaction?: string | null };

/**
 * Offers and answers within an established call (RFC 3264 s. 8), one at a time:
 *
 *     idle --update()--> offering --ack, accepted--> idle
 *                                 --error, failed, silence--> rolled back, idle
 *     idle --takeOffer()--> offered --answer()--> idle
 *                                   --withdrawn()--> rolled back, idle
 */
export class Negotiation {
  readonly #options: NegotiationOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #expected: { readonly transaction: string; readonly settle: (outcome: UpdateOutcome) => void } | undefined;
  #endRemoteTurn: (() => void) | undefined;
  #waiting = 0;
  /** The gateway has not said yet what becomes of an own offer, or of one that is being made. */
  #isUndecided = false;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  /** An own change is under way or waits for its turn. */
  get isUpdating(): boolean {
    return this.#waiting > 0;
  }

  /** The other side waits for `answer`. */
  get isOffered(): boolean {
    return this.#endRemoteTurn !== undefined;
  }

  /** @throws Error when the change was refused; everything is then as it was */
  update(change: MediaChange): Promise<void> {
    this.#waiting++;
    const done = this.#turn.then(() => this.#offer(change));
    this.#turn = done.then(this.#endOwnTurn, this.#endOwnTurn);
    return done;
  }

  /**
   * An offer that leaves by other means than `session-update`; its outcome is taken as one of an update. It has its
   * turn like any other: an ICE restart meanwhile waits, or its answer would be taken for this one's.
   */
  expectAnswer(transaction: string): Promise<void> {
    this.#waiting++;
    this.#isUndecided = true;
    const done = this.#takeOutcome(this.#expect(transaction));
    this.#turn = done.then(this.#endOwnTurn, this.#endOwnTurn);
    return done;
  }

  /** The gateway's word on an offer of ours. */
  settle(outcome: UpdateOutcome): void {
    if (this.#expected === undefined) return;
    if (typeof outcome.transaction === 'string' && outcome.transaction !== this.#expected.transaction) return;
    this.#expected.settle(outcome);
    this.#expected = undefined;
    this.#isUndecided = false;
  }

  /**
   * The other side offers a change; own ones wait until it is answered. It may come on the heels of the answer to an
   * own offer, which is taken first.
   *
   * @throws Error named `glare` when an own offer is under way
   */
  async takeOffer(sdp: string): Promise<void> {
    if (this.#isUndecided || this.#waiting > 1)
      throw Object.assign(new Error('both sides changed the call at the same moment'), { name: 'glare' });
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    this.#endRemoteTurn = resolve;
    await before;
    if (this.#endRemoteTurn !== resolve) throw new Error('the other side has taken its offer back');
    await this.#options.peer.takeOffer(sdp);
  }

  /** @throws Error when nothing is offered, or the gateway refuses the answer */
  async answer(change: MediaChange): Promise<void> {
    if (!this.isOffered) throw new Error('there is no offer to answer');
    await change.apply();
    const sdp = await this.#options.peer.makeAnswer();
    const reply = await this.#options.send(sdp, uuid());
    this.#endTurn();
    if (!reply.ok) throw new Error(reply.error);
  }

  /** The other side's offer is void. */
  async withdrawn(): Promise<void> {
    if (!this.isOffered) return;
    await this.#options.peer.rollback();
    this.#endTurn();
  }

  /** The call is over: nobody will answer. */
  close(): void {
    this.settle({ state: 'failed', reason: 'the call is over' });
    this.#endTurn();
  }

  async #offer(change: MediaChange): Promise<void> {
    const { peer, send } = this.#options;
    const transaction = uuid();
    this.#isUndecided = true;
    await change.apply();
    try {
      const sdp = await peer.makeOffer();
      const outcome = this.#expect(transaction);
      const reply = await send(sdp, transaction);
      if (!reply.ok) throw new Error(reply.error);
      await this.#takeOutcome(outcome);
    } catch (error) {
      this.#expected = undefined;
      await peer.rollback();
      await change.undo();
      throw error;
    }
  }

  #expect(transaction: string): Promise<UpdateOutcome> {
    return new Promise((settle) => {
      this.#expected = { transaction, settle };
    });
  }

  async #takeOutcome(expected: Promise<UpdateOutcome>): Promise<void> {
    const timer = this.#limit();
    const outcome = await expected;
    timer.cancel();
    if (outcome.state === 'failed') throw new Error(outcome.reason);
    await this.#options.peer.takeAnswer(outcome.sdp);
  }

  #limit(): Timer {
    return this.#options.clock.after(outcomeMs, () =>
      this.settle({ state: 'failed', reason: 'no answer to the change of media' }),
    );
  }

  readonly #endOwnTurn = (): void => {
    this.#waiting--;
    this.#isUndecided = false;
  };

  #endTurn(): void {
    this.#endRemoteTurn?.();
    this.#endRemoteTurn = undefined;
  }
}

/** The gateway gives up on the other side after 10 s; the rest is for a lost socket to come back. */
const outcomeMs = 70_000;
