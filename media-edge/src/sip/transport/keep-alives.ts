import type { Clock, Timer } from '../../ports/clock.ts';
import type { Flow } from './flow.ts';
import { StreamConnection } from './stream-connection.ts';
import { newStunId, readStunAnswer, stunRequest } from './stun.ts';

export interface KeepAliveOptions {
  /**
   * True if the peer has said that it answers keep-alives (RFC 5626: `outbound`, `Flow-Timer`); a flow on which it does not is
   * lost. Otherwise line ends are sent, which open a NAT and are ignored by whoever does not know them.
   */
  readonly isAnswered: boolean;
  /** At most so long apart. RFC 5626 s. 4.4: 30 s over UDP, 120 s over connections. */
  readonly everyMs?: number;
  /** The flow is of no use any more; nothing follows. */
  readonly onLost: (reason: string) => void;
}

export interface KeepAlive {
  /** Safe to repeat. */
  stop(): void;
}

const tickMs = 1_000;
/** RFC 5389 s. 7.2.1 repeats a request for 39.5 s; a flow whose NAT forgot it should be noticed sooner. */
const maxTries = 5;

/** Keeps flows open through the NATs on their way (RFC 5626 s. 3.5, s. 4.4): one timer for all of them. */
export class KeepAlives {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #kept = new Set<Kept>();
  readonly #asked = new Map<string, Kept>();
  #ticking: Timer | undefined;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get size(): number {
    return this.#kept.size;
  }

  start(flow: Flow, options: KeepAliveOptions): KeepAlive {
    const everyMs = options.everyMs ?? (flow.peer.protocol === 'UDP' ? 30_000 : 120_000);
    const kept: Kept = { ...options, flow, everyMs, dueAt: 0, id: undefined, tries: 0, mapped: undefined };
    this.#plan(kept);
    this.#kept.add(kept);
    this.#tickLater();
    return { stop: () => this.#stop(kept) };
  }

  /** An answer to STUN that came on a UDP socket. */
  answered(bytes: Buffer): void {
    const answer = readStunAnswer(bytes);
    const kept = answer === undefined ? undefined : this.#asked.get(answer.id);
    if (answer === undefined || kept === undefined) return;
    this.#asked.delete(answer.id);
    const { mapped } = kept;
    kept.id = undefined;
    kept.tries = 0;
    kept.mapped = answer.mapped;
    this.#plan(kept);
    // RFC 5626 s. 4.4.2: the NAT has forgotten the old way, and with it whatever the peer sends there.
    if (mapped !== undefined && mapped !== answer.mapped)
      this.#lose(kept, 'our address as the peer sees it has changed');
  }

  close(): void {
    for (const kept of this.#kept) this.#stop(kept);
    this.#ticking?.cancel();
  }

  /** The same section: each time another 80 to 100 % of the time, so that not all of them come at once. */
  #plan(kept: Kept): void {
    kept.dueAt = this.#clock.now() + kept.everyMs * (0.8 + 0.2 * this.#random());
  }

  #tickLater(): void {
    if (this.#ticking !== undefined || this.#kept.size === 0) return;
    this.#ticking = this.#clock.after(tickMs, () => {
      this.#ticking = undefined;
      for (const kept of this.#kept) this.#look(kept);
      this.#tickLater();
    });
  }

  #look(kept: Kept): void {
    const { flow, isAnswered } = kept;
    if (!flow.isOpen) return this.#lose(kept, 'the connection is closed');
    if (kept.dueAt > this.#clock.now()) return;
    if (flow.peer.protocol === 'UDP' && isAnswered) return this.#ask(kept);
    this.#plan(kept);
    if (flow instanceof StreamConnection) flow.ping(isAnswered);
    else void flow.send(lineEnds).catch(() => undefined);
  }

  #ask(kept: Kept): void {
    if (kept.tries >= maxTries) return this.#lose(kept, 'keep-alives get no answer');
    kept.id ??= newStunId();
    kept.tries++;
    this.#asked.set(kept.id, kept);
    void kept.flow.send(stunRequest(kept.id)).catch(() => undefined);
  }

  #lose(kept: Kept, reason: string): void {
    this.#stop(kept);
    kept.onLost(reason);
  }

  #stop(kept: Kept): void {
    this.#kept.delete(kept);
    if (kept.id !== undefined) this.#asked.delete(kept.id);
  }
}

interface Kept extends KeepAliveOptions {
  readonly flow: Flow;
  readonly everyMs: number;
  dueAt: number;
  /** The STUN request that waits for its answer. */
  id: string | undefined;
  tries: number;
  /** Our address as the peer saw it last. */
  mapped: string | undefined;
}

const lineEnds = Buffer.from('\r\n\r\n');
