import type { SessionKey } from '@sylk/protocol/ids.ts';
import { idempotencyMs } from '@sylk/protocol/limits.ts';
import type { Reply } from '@sylk/protocol/sylkrtc/replies.ts';
import type { Clock } from '../ports/clock.ts';
import { type KeptReplies, keepReply } from './replies.ts';
import { sessionName } from './session-name.ts';

/** `terminatedEarly`: its terminate came, its create never did. `refused`: the create got an error. */
export type HowEnded = 'ended' | 'refused' | 'terminatedEarly';

export interface EndedSession {
  readonly replies: KeptReplies;
  readonly how: HowEnded;
  readonly until: number;
}

/** What is left of sessions for a while: their replies, so that repeated requests change nothing. */
export class EndedSessions {
  /** In the order of their ends, so the oldest come first. */
  readonly #byName = new Map<string, EndedSession>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(key: SessionKey, replies: KeptReplies, how: HowEnded): void {
    const name = sessionName(key);
    this.#byName.delete(name);
    this.#byName.set(name, { replies, how, until: this.#clock.now() + idempotencyMs });
    this.#dropOld();
  }

  find(key: SessionKey): EndedSession | undefined {
    const entry = this.#byName.get(sessionName(key));
    return entry && entry.until > this.#clock.now() ? entry : undefined;
  }

  keepReply(key: SessionKey, reply: Reply): void {
    const entry = this.#byName.get(sessionName(key));
    if (!entry || entry.replies.includes(reply)) return;
    this.#byName.set(sessionName(key), { ...entry, replies: keepReply(entry.replies, reply) });
  }

  #dropOld(): void {
    const now = this.#clock.now();
    for (const [name, entry] of this.#byName) {
      if (entry.until > now && this.#byName.size <= maxEndedSessions) return;
      this.#byName.delete(name);
    }
  }
}

/** More than an edge ends within `idempotencyMs` at its set-up budget of 30 per second. */
const maxEndedSessions = 5_000;
