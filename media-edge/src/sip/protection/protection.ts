import type { Clock } from '../../ports/clock.ts';
import { KnownPeers } from './known-peers.ts';
import { SourceBans } from './source-bans.ts';
import { SourceGate } from './source-gate.ts';
import { StrangerCalls } from './stranger-calls.ts';

/** What keeps strangers from harming calls: how much each may ask, who is not heard at all, how many calls they have. */
export class Protection {
  readonly gate: SourceGate;
  readonly bans: SourceBans;
  readonly strangers: StrangerCalls;
  readonly #known: KnownPeers;
  readonly #registered: KnownPeers;

  /**
   * @param isTrusted true for the operator's own networks and this machine
   * @param callsPerSource calls that one address may have at a time
   */
  constructor(clock: Clock, isTrusted: (address: string) => boolean, callsPerSource?: number) {
    this.#known = new KnownPeers(clock);
    this.#registered = new KnownPeers(clock);
    this.strangers = new StrangerCalls(isTrusted, callsPerSource);
    this.gate = new SourceGate(clock, isTrusted, (address) => this.#known.has(address));
    this.bans = new SourceBans(clock, (address) => this.isKnown(address));
  }

  /** True for peers that are where they say: trusted, registered, or in a call. */
  isKnown(address: string): boolean {
    return this.strangers.isKnown(address) || this.#known.has(address);
  }

  /** True if no more calls are taken from this address. */
  isFull(address: string): boolean {
    if (this.strangers.isFull(address)) return true;
    return this.strangers.hasMany(address) && !this.#registered.has(address);
  }

  /** Names peers that have registered here, or that we are registered at. */
  alsoRegistered(addresses: () => Iterable<string | undefined>): void {
    this.#registered.also(addresses);
    this.#known.also(addresses);
  }

  /** Names more peers that are known. @param addresses gives those of one kind, as they are at the moment */
  alsoKnown(addresses: () => Iterable<string | undefined>): void {
    this.#known.also(addresses);
  }
}
