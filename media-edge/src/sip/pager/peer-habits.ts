import { parseSipAddress } from '@sylk/protocol/sip-address.ts';
import type { Clock } from '../../ports/clock.ts';

/** Under which name a peer is known: with its port, as many may be on one machine. @param uri with or without scheme */
export function peerName(uri: string): string {
  const address = parseSipAddress(uri);
  if (address === undefined) return uri;
  const { user = '', host, port } = address;
  return `${user}@${host}${port === undefined ? '' : `:${port}`}`;
}

/** What is known of how a peer reads and writes messages. */
interface Habit {
  readonly isPlain: boolean;
  readonly isDeafToTyping: boolean;
  readonly until: number;
}

const keptMs = 24 * 60 * 60_000;
const maxPeers = 2_000;

/**
 * Who takes CPIM and who only plain text, by address. Nobody says so beforehand: a peer that writes plain text, or
 * refuses CPIM with 415, gets plain text for a day, and all others get CPIM.
 */
export class PeerHabits {
  readonly #clock: Clock;
  /** The one that was learnt of longest ago is first. */
  readonly #habits = new Map<string, Habit>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isPlain(peer: string): boolean {
    return this.#of(peer)?.isPlain ?? false;
  }

  isDeafToTyping(peer: string): boolean {
    return this.#of(peer)?.isDeafToTyping ?? false;
  }

  /** It has written so, or it has answered so to what we wrote. */
  writes(peer: string, form: 'plain' | 'cpim'): void {
    this.#learn(peer, { isPlain: form === 'plain' });
  }

  refusesTyping(peer: string): void {
    this.#learn(peer, { isDeafToTyping: true });
  }

  #of(peer: string): Habit | undefined {
    const habit = this.#habits.get(peer);
    return habit !== undefined && habit.until > this.#clock.now() ? habit : undefined;
  }

  #learn(peer: string, change: Partial<Habit>): void {
    const { isPlain = false, isDeafToTyping = false } = this.#of(peer) ?? {};
    this.#habits.delete(peer);
    const [oldest] = this.#habits.keys();
    if (this.#habits.size >= maxPeers && oldest !== undefined) this.#habits.delete(oldest);
    this.#habits.set(peer, { isPlain, isDeafToTyping, ...change, until: this.#clock.now() + keptMs });
  }
}
