/**
 * Whom a leg listens to and where it sends. The address in the peer's SDP is often not the one its packets come from
 * (NAT, several networks), so the first valid sender is taken for the peer; the address of the SDP always wins over it,
 * and from then on everybody else is a stranger.
 */
export interface Remote {
  readonly address: string;
  readonly port: number;
}

/** Packets in a row from another host than the SDP names, with none from that one: then it is believed. */
const trialPackets = 5;
/** A peer silent for so long may be replaced. */
const goneMs = 5000;

export class Latch {
  readonly #isOpen: boolean;
  /** From SDP; `undefined` before the peer's first description. */
  #named: Remote | undefined;
  /** The sender of the peer's media. */
  #held: Remote | undefined;
  /** The one held before the SDP changed: heard until the new one speaks. */
  #former: Remote | undefined;
  #heldAtMs = 0;
  #trial: { readonly address: string; readonly port: number; count: number } | undefined;

  /** @param isOpen false: only the address of the SDP is heard */
  constructor(isOpen: boolean) {
    this.#isOpen = isOpen;
  }

  /** Where media goes: to whom we hear, else where the SDP says. */
  get target(): Remote | undefined {
    return this.#held ?? this.#named;
  }

  get held(): Remote | undefined {
    return this.#held;
  }

  /** The peer's SDP, again with each re-INVITE; the same address as before changes nothing. */
  name(remote: Remote): void {
    if (this.#named !== undefined && isSame(this.#named, remote)) return;
    this.#named = remote;
    this.#trial = undefined;
    if (this.#held === undefined || isSame(this.#held, remote)) return;
    this.#former = this.#held;
    this.#held = undefined;
  }

  /** True if a packet from there is the peer's. */
  accepts(address: string, port: number, nowMs: number): boolean {
    const held = this.#held;
    if (held !== undefined && held.port === port && held.address === address) {
      this.#heldAtMs = nowMs;
      return true;
    }
    return this.#acceptsOther(address, port, nowMs);
  }

  #acceptsOther(address: string, port: number, nowMs: number): boolean {
    const isNamed = this.#named?.port === port && this.#named.address === address;
    if (isNamed) return this.#hold(address, port, nowMs);
    if (!this.#isOpen) return false;
    if (this.#held !== undefined && nowMs - this.#heldAtMs < goneMs) return false;
    if (this.#former?.port === port && this.#former.address === address) return true;
    // Nobody to prefer, or the named host from behind a NAT that changes ports: taken at once.
    if (this.#named === undefined || this.#named.address === address) return this.#hold(address, port, nowMs);
    return this.#isTrialPassed(address, port) && this.#hold(address, port, nowMs);
  }

  #isTrialPassed(address: string, port: number): boolean {
    if (this.#trial?.port !== port || this.#trial.address !== address) this.#trial = { address, port, count: 0 };
    this.#trial.count += 1;
    return this.#trial.count >= trialPackets;
  }

  #hold(address: string, port: number, nowMs: number): boolean {
    this.#held = { address, port };
    this.#heldAtMs = nowMs;
    this.#former = undefined;
    this.#trial = undefined;
    return true;
  }
}

const isSame = (one: Remote, other: Remote): boolean => one.port === other.port && one.address === other.address;
