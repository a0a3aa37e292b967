import {
  firstBanMs,
  longestBanMs,
  longestForgeableBanMs,
  strikesPerWindow,
  strikeWindowMs,
} from '@sylk/protocol/limits.ts';
import { sourceNetwork } from '../../network/source-network.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Endpoint } from '../transport/flow.ts';

/** Sources that are remembered. */
const maxSources = 20_000;
/** A source that was quiet for so long after its ban begins anew. */
const forgivenMs = 24 * 60 * 60_000;

interface Record {
  strikes: number;
  windowEndsAt: number;
  bans: number;
  bannedUntil: number;
}

/**
 * Sources that fail again and again - wrong passwords, addresses that are nobody's, nonsense - are not heard for a while,
 * and longer each time. A source of UDP may be forged to have somebody else banned: what came by UDP bans by UDP alone
 * and not for long, while a connection proves its source and bans it on every transport.
 */
export class SourceBans {
  readonly #clock: Clock;
  readonly #isKnown: (address: string) => boolean;
  readonly #records = new Map<string, Record>();

  /** @param isKnown true for peers that are never banned: our own networks, registered phones, whoever is in a call */
  constructor(clock: Clock, isKnown: (address: string) => boolean) {
    this.#clock = clock;
    this.#isKnown = isKnown;
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#records.size;
  }

  isBanned(peer: Endpoint): boolean {
    if (this.#records.size === 0) return false;
    const now = this.#clock.now();
    const isBanned = keysOf(peer).some((key) => (this.#records.get(key)?.bannedUntil ?? 0) > now);
    return isBanned && !this.#isKnown(peer.address);
  }

  /**
   * The source has failed.
   * @param weight strikes that it counts for
   * @returns true when that bans it
   */
  strike(peer: Endpoint, weight = 1): boolean {
    if (this.#isKnown(peer.address)) return false;
    const now = this.#clock.now();
    const [key = ''] = keysOf(peer);
    const record = this.#current(key, now);
    record.strikes += weight;
    this.#keep(key, record);
    if (record.strikes < strikesPerWindow || record.bannedUntil > now) return false;
    const longest = peer.protocol === 'UDP' ? longestForgeableBanMs : longestBanMs;
    record.bannedUntil = now + Math.min(firstBanMs * 2 ** record.bans, longest);
    record.bans++;
    record.strikes = 0;
    return true;
  }

  #current(key: string, now: number): Record {
    const known = this.#records.get(key);
    const isForgiven = known === undefined || Math.max(known.bannedUntil, known.windowEndsAt) + forgivenMs < now;
    const record = isForgiven ? { strikes: 0, windowEndsAt: 0, bans: 0, bannedUntil: 0 } : known;
    if (record.windowEndsAt > now) return record;
    return Object.assign(record, { strikes: 0, windowEndsAt: now + strikeWindowMs });
  }

  /** Put anew, so that the first in the map is the one that was quiet for longest. */
  #keep(key: string, record: Record): void {
    this.#records.delete(key);
    const [oldest] = this.#records.keys();
    if (this.#records.size >= maxSources && oldest !== undefined) this.#records.delete(oldest);
    this.#records.set(key, record);
  }
}

/** The first is where its failures count; it is banned by any. */
function keysOf({ protocol, address }: Endpoint): readonly string[] {
  const source = sourceNetwork(address);
  return protocol === 'UDP' ? [`udp ${source}`, `stream ${source}`] : [`stream ${source}`];
}
