import { leaseLostMs } from '@sylk/protocol/limits.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EdgeRecord, Edges } from '../../ports/edges.ts';
import type { SessionOwner } from '../../ports/sessions.ts';

/** How long a reader may rely on what it read about edges, in ms: well below the time in which one is declared lost. */
const cacheMs = 3_000;

/** The media edges as a reader of the store sees them, read at most every 3 s. */
export class EdgeDirectory {
  readonly #edges: Edges;
  readonly #clock: Clock;
  /** Nobody could renew a lease while nobody was there to take it: leases count from here at the earliest. */
  readonly #startedAt: number;
  #known: { readonly at: number; readonly list: Promise<readonly EdgeRecord[]> } | undefined;

  /** @param startedAt ms since 1970; 0 where renewals reach the store whether this process runs or not */
  constructor(edges: Edges, clock: Clock, startedAt = clock.now()) {
    this.#edges = edges;
    this.#clock = clock;
    this.#startedAt = startedAt;
  }

  async list(): Promise<readonly EdgeRecord[]> {
    const now = this.#clock.now();
    if (this.#known === undefined || this.#known.at + cacheMs <= now) {
      this.#known = { at: now, list: this.#edges.list() };
      // A failed read must not be what everybody is told for the next 3 s.
      this.#known.list.catch(() => this.forget());
    }
    return this.#known.list;
  }

  /** Drops what was read, after this process has changed it. */
  forget(): void {
    this.#known = undefined;
  }

  async alive(): Promise<readonly EdgeRecord[]> {
    const now = this.#clock.now();
    return (await this.list()).filter((edge) => edge.status === 'alive' && !this.isOverdue(edge, now));
  }

  /** Whether a lease has run out by `now`. */
  isOverdue(edge: EdgeRecord, now: number): boolean {
    return Math.max(edge.renewedAt, this.#startedAt) + leaseLostMs <= now;
  }

  /** Whether the process that owns a session still runs, as far as is known. */
  async isAlive(owner: SessionOwner): Promise<boolean> {
    const alive = await this.alive();
    return alive.some(({ edge, generation }) => edge === owner.edge && generation === owner.generation);
  }
}
