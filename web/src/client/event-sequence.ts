/**
 * Brings the numbered events of one session into their order, each once: after a resume they come again,
 * from two sockets they overtake one another.
 */
export class EventSequence<Event extends { readonly seq?: number | null }> {
  #last: number;
  readonly #early = new Map<number, Event>();

  constructor(last = 0) {
    this.#last = last;
  }

  /** Number of the last event that was handed out. */
  get last(): number {
    return this.#last;
  }

  /** Something came that is not yet due. */
  get hasGap(): boolean {
    return this.#early.size > 0;
  }

  /** @returns what may be handed out now; an event without number at once (servers that do not count) */
  take(event: Event): Event[] {
    if (event.seq === undefined || event.seq === null) return [event];
    const hasPlace = this.#early.size < mostEarly || event.seq === this.#last + 1;
    if (event.seq > this.#last && hasPlace) this.#early.set(event.seq, event);
    return this.#due();
  }

  /** Gives up on the missing events. */
  skipGap(): Event[] {
    if (this.hasGap) this.#last = Math.min(...this.#early.keys()) - 1;
    return this.#due();
  }

  /** The session was announced anew: it counts from here. */
  restart(last: number): void {
    this.#last = last;
    this.#early.clear();
  }

  #due(): Event[] {
    const due: Event[] = [];
    for (let next = this.#early.get(this.#last + 1); next !== undefined; next = this.#early.get(this.#last + 1)) {
      this.#early.delete(++this.#last);
      due.push(next);
    }
    return due;
  }
}

/** The gateway keeps so many events for replay. */
const mostEarly = 256;
