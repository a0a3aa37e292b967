import type { CallLadder } from '@sylk/protocol/edge/commands.ts';
import { type EndCause, reasonText } from '../call/end-cause.ts';
import type { Clock } from '../ports/clock.ts';
import type { TraceEntry } from '../ports/sip-endpoint.ts';
import { explain } from './explain.ts';
import { MediaCourse } from './media-course.ts';
import type { Side } from './side.ts';

export interface LadderOptions {
  readonly call: string;
  readonly from: string;
  readonly to: string;
  readonly clock: Clock;
}

/** A ladder as one side may see it. */
export interface LadderView {
  readonly call: string;
  /** Writes what concerns this side only. */
  add(entry: TraceEntry): void;
  record(): CallLadder;
}

/** What happened in one call, message by message, on one time line. Bounded; the first entries tell the most. */
export class Ladder {
  readonly #options: LadderOptions;
  readonly #entries: SidedEntry[] = [];
  /** What flowed; both sides may see it. */
  readonly media = new MediaCourse();
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

  /** Both sides may see it. Handed to legs as their trace, so it is bound. */
  readonly add = (entry: TraceEntry): void => this.#add(entry, undefined);

  /** People who call each other by their pages get to know neither the other's addresses nor its devices. */
  of(side: Side): LadderView {
    return {
      call: this.call,
      add: (entry) => this.#add(entry, side),
      record: () => this.#record(side),
    };
  }

  #add(entry: TraceEntry, side: Side | undefined): void {
    if (this.#entries.length >= maxEntries) {
      this.#leftOut += 1;
      return;
    }
    this.#detailChars += entry.detail?.length ?? 0;
    const shown = this.#detailChars > maxDetailChars ? { ...entry, detail: undefined } : entry;
    this.#entries.push({ entry: { at: this.#options.clock.now(), ...shown }, side });
  }

  /** The call is over; what still comes is added. Only the first cause counts. */
  close(cause: EndCause): void {
    this.#end ??= { at: this.#options.clock.now(), cause };
  }

  #record(seenBy: Side): CallLadder {
    const { call, from, to } = this.#options;
    const end = this.#end;
    const seen = this.#entries.flatMap(({ entry, side }) => (side === undefined || side === seenBy ? [entry] : []));
    const entries = end ? [...seen, { at: end.at, ...ending(end.cause) }] : seen;
    const all = this.#entries.map(({ entry }) => entry);
    return {
      call,
      from,
      to,
      cause: end && explain(all, end.cause),
      entries: [...entries, ...this.#omission()],
      media: this.media.record(),
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

interface SidedEntry {
  readonly entry: LadderEntry;
  /** Absent: for both. */
  readonly side: Side | undefined;
}

const ending = (cause: EndCause): TraceEntry => ({
  from: 'gateway',
  to: 'gateway',
  label: `ended: ${reasonText(cause)}`,
  ...(cause.detail === undefined ? {} : { detail: cause.detail }),
});

/** A long call with video has some hundred; a call that goes on for days has no more. */
const maxEntries = 400;
/** Messages of all entries together; a usual call has half of that. All has to fit one frame to signaling. */
const maxDetailChars = 60_000;
