import type { Aor, SessionId } from '@sylk/protocol/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { Ladder, type LadderView } from './ladder.ts';
import type { Side } from './side.ts';

/** The ladders of the last calls, by call, and by account and session. Old ones go: after an hour, or the thousandth. */
export class Ladders {
  /** Oldest first. */
  readonly #kept = new Map<Ladder, Kept>();
  readonly #bySession = new Map<string, LadderView>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(call: string, from: string, to: string): Ladder {
    const ladder = new Ladder({ call, from, to, clock: this.#clock });
    this.#kept.set(ladder, { beganAt: this.#clock.now(), names: [] });
    this.#dropOld();
    return ladder;
  }

  /**
   * Lets this account ask for its side of the ladder by its session. The called one's session comes from the Call-ID,
   * which any caller may use again: that does not take the ladder of the first call away.
   */
  name(ladder: Ladder, side: Side, { aor, session }: { readonly aor: Aor; readonly session: SessionId }): void {
    const name = nameOf(aor, session);
    if (side === 'called' && this.#bySession.has(name)) return;
    this.#bySession.set(name, ladder.of(side));
    this.#kept.get(ladder)?.names.push(name);
  }

  find(aor: Aor, session: SessionId): LadderView | undefined {
    this.#dropOld();
    return this.#bySession.get(nameOf(aor, session));
  }

  #dropOld(): void {
    const latest = this.#clock.now() - keptMs;
    for (const [ladder, { beganAt }] of this.#kept) {
      const isOld = beganAt < latest && ladder.isOver;
      if (isOld || this.#kept.size > maxLadders) this.#drop(ladder);
      else if (beganAt >= latest) return;
    }
  }

  #drop(ladder: Ladder): void {
    for (const name of this.#kept.get(ladder)?.names ?? []) this.#bySession.delete(name);
    this.#kept.delete(ladder);
  }
}

interface Kept {
  readonly beganAt: number;
  readonly names: string[];
}

const maxLadders = 1_000;
const keptMs = 60 * 60_000;

const nameOf = (aor: Aor, session: SessionId): string => JSON.stringify([aor, session]);
