import type { CallLadder } from '@sylk/protocol/edge/commands.ts';
import { type EndCause, reasonText } from '../call/end-cause.ts';
import type { Clock } from '../ports/clock.ts';
import type { TraceEntry } from '../ports/sip-endpoint.ts';
import { explain } from './explain.ts';

export interface LadderOptions {
  readonly call: string;
  readonly from: string;
  readonly to: string;
  readonly clock: Clock;
}

/** What happened in one call, message by message, on one time line. Bounded; the first entries tell the most. */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #entries: LadderEntry[] = [];
  #leftOut = 0;
  #detailChars = 0;
  #end: { readonly at: number; readonly cause: EndCause } | undefined;

  constructor(options: LadderOptions) {
    this.#options = options;
  }

  get call(): string {
    return this.#options.call;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** Handed to legs as their trace, so it is bound. */
  readonly add = (entry: TraceEntry): void => {
    if (this.#entries.length >= maxEntries) {
      this.#leftOut += 1;
      return;
    }
    this.#detailChars += entry.detail?.length ?? 0;
    const shown = this.#detailChars > maxDetailChars ? { ...entry, detail: undefined } : entry;
    this.#entries.push({ at: this.#options.clock.now(), ...shown });
  };

  /** The call is over; what still comes is added. Only the first cause counts. */
  close(cause: EndCause): void {
    this.#end ??= { at: this.#options.clock.now(), cause };
  }

  /** As the account that had the call gets to see it. */
  record(): CallLadder {
    const { call, from, to } = this.#options;
    const end = this.#end;
    const entries = end ? [...this.#entries, { at: end.at, ...ending(end.cause) }] : this.#entries;
    return {
      call,
      from,
      to,
      cause: end && explain(this.#entries, end.cause),
      entries: [...entries, ...this.#omission()],
    };
  }

  #omission(): readonly LadderEntry[] {
    if (this.#leftOut === 0) return [];
    return [
      {
        at: this.#options.clock.now(),
        from: 'gateway',
        to: 'gateway',
        label: `${this.#leftOut} entries more are left out`,
      },
    ];
  }
}

type LadderEntry = TraceEntry & { readonly at: number };

const ending = (cause: EndCause): TraceEntry => ({
  from: 'gateway',
  to: 'gateway',
  label: `ended: ${reasonText(cause)}`,
  ...(cause.detail === undefined ? {} : { detail: cause.detail }),
});

/** A long call with video has some hundred; a call that goes on for days has no more. */
const maxEntries = 400;
/** Messages of all entries together; a usual call has a quarter of that. */
const maxDetailChars = 100_000;
