import type { SessionKey } from '@sylk/protocol/ids.ts';
import { earlyRequestWaitMs, maxEarlyRequests } from '@sylk/protocol/limits.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { sessionName } from './session-name.ts';

interface Waiting {
  readonly proceed: () => void;
  readonly timer: Timer;
}

/** Requests that overtook the one which creates their session wait here for it, each `earlyRequestWaitMs`. */
export class EarlyRequests {
  readonly #bySession = new Map<string, Waiting[]>();
  #count = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls back exactly one of the two; `giveUp` at once when too many wait already. */
  wait(key: SessionKey, proceed: () => void, giveUp: () => void): void {
    if (this.#count < maxEarlyRequests) this.#keep(key, proceed, giveUp);
    else giveUp();
  }

  #keep(key: SessionKey, proceed: () => void, giveUp: () => void): void {
    const name = sessionName(key);
    const list = this.#bySession.get(name) ?? [];
    const entry: Waiting = {
      proceed,
      timer: this.#clock.after(earlyRequestWaitMs, () => {
        this.#drop(name, entry);
        giveUp();
      }),
    };
    this.#bySession.set(name, [...list, entry]);
    this.#count += 1;
  }

  /** The requests that wait for this session, in the order in which they came. */
  take(key: SessionKey): readonly (() => void)[] {
    const name = sessionName(key);
    const list = this.#bySession.get(name) ?? [];
    for (const entry of list) entry.timer.cancel();
    this.#count -= list.length;
    this.#bySession.delete(name);
    return list.map((entry) => entry.proceed);
  }

  #drop(name: string, entry: Waiting): void {
    const rest = (this.#bySession.get(name) ?? []).filter((other) => other !== entry);
    this.#count -= 1;
    if (rest.length === 0) this.#bySession.delete(name);
    else this.#bySession.set(name, rest);
  }
}
