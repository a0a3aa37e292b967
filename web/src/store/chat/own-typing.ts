import type { Composing } from '@sylk/protocol/composing.ts';
import type { Clock, Timer } from '../../client/clock.ts';

/** Who is told that one writes, and when (RFC 3994 s. 3.2 and 3.3): to one person at a time, as there is one field. */
export class OwnTyping {
  readonly #clock: Clock;
  readonly #tell: (contact: string, composing: Composing) => void;
  #told: { readonly contact: string; readonly at: number; readonly idle: Timer } | undefined;

  constructor(clock: Clock, tell: (contact: string, composing: Composing) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A key was pressed. */
  typed(contact: string, isEmpty: boolean): void {
    if (this.#told !== undefined && (isEmpty || this.#told.contact !== contact)) this.#stop();
    if (isEmpty) return;
    const now = this.#clock.now();
    const isKnown = this.#told !== undefined && now - this.#told.at < againMs;
    this.#told?.idle.cancel();
    const at = isKnown ? (this.#told?.at ?? now) : now;
    this.#told = { contact, at, idle: this.#clock.after(idleMs, () => this.#stop()) };
    if (!isKnown) this.#tell(contact, { state: 'active', refresh: refreshSec });
  }

  /** What was written has been sent, which says enough. */
  sent(contact: string): void {
    if (this.#told?.contact === contact) this.close();
  }

  close(): void {
    this.#told?.idle.cancel();
    this.#told = undefined;
  }

  #stop(): void {
    const contact = this.#told?.contact;
    this.close();
    if (contact !== undefined) this.#tell(contact, { state: 'idle', refresh: refreshSec });
  }
}

/** Without a key for so long, one writes no more. */
const idleMs = 15_000;
const againMs = 60_000;
const refreshSec = 90;
