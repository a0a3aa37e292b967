import type { Aor, SessionId } from '@sylk/protocol/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { Ladder } from './ladder.ts';

/** The ladders of the last calls, by call, and by account and session. Old ones go: after an hour, or the thousandth. */
export class Ladders {
  /** Oldest first. */
  readonly #byCall = new Map<string, Kept>();
  readonly #bySession = new Map<string, Ladder>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(call: string, from: string, to: string): Ladder {
    const ladder = new Ladder({ call, from, to, clock: this.#clock });
    this.#drop(call);
    this.#byCall.set(call, { ladder, beganAt: this.#clock.now(), names: [] });
    this.#dropOld();
    return ladder;
  }

  /** Lets this account ask for the ladder by its session. */
  name(ladder: Ladder, aor: Aor, session: SessionId): void {
    const name = nameOf(aor, session);
    this.#bySession.set(name, ladder);
    this.#byCall.get(ladder.call)?.names.push(name);
  }

  find(aor: Aor, session: SessionId): Ladder | undefined {
    this.#dropOld();
    return this.#bySession.get(nameOf(aor, session));
  }

  #dropOld(): void {
    const latest = this.#clock.now() - keptMs;
    for (const [call, { ladder, beganAt }] of this.#byCall) {
      const isOld = beganAt < latest && ladder.isOver;
      if (isOld || this.#byCall.size > maxLadders) this.#drop(call);
      else if (beganAt >= latest) return;
    }
  }

  #drop(call: string): void {
    for (const name of this.#byCall.get(call)?.names ?? []) this.#bySession.delete(name);
    this.#byCall.delete(call);
  }
}

interface Kept {
  readonly ladder: Ladder;
  readonly beganAt: number;
  readonly names: string[];
}

const maxLadders = 1_000;
const keptMs = 60 * 60_000;

const nameOf = (aor: Aor, session: SessionId): string => JSON.stringify([aor, session]);
