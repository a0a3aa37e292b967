/** Packets behind the newest that may still come (RFC 3711 s. 3.3.2 wants 64 at least). */
const windowPackets = 128;

/** Which packets of a stream have come, by an index that only rises: what comes twice was recorded by somebody. */
export class ReplayWindow {
  #newest = -1;
  readonly #seen = new Uint8Array(windowPackets);

  get newest(): number {
    return this.#newest;
  }

  isNew(index: number): boolean {
    if (index > this.#newest) return true;
    return this.#newest - index < windowPackets && this.#seen[index % windowPackets] === 0;
  }

  /** Only for packets that are authentic. */
  take(index: number): void {
    const from = Math.max(this.#newest + 1, index - windowPackets + 1);
    for (let passed = from; passed <= index; passed += 1) this.#seen[passed % windowPackets] = 0;
    this.#seen[index % windowPackets] = 1;
    this.#newest = Math.max(this.#newest, index);
  }
}

/**
 * The index of a packet from its 16 bits, by the newest one so far: their number of wraps is not on the wire
 * (RFC 3711 s. 3.3.1).
 *
 * @param newest index of the newest packet, -1 before the first
 * @returns below 0 for a packet from before the first
 */
export function packetIndex(newest: number, sequence: number): number {
  if (newest < 0) return sequence;
  const wraps = Math.floor(newest / 65_536);
  const last = newest % 65_536;
  if (last < 32_768 && sequence - last > 32_768) return (wraps - 1) * 65_536 + sequence;
  if (last >= 32_768 && last - 32_768 > sequence) return (wraps + 1) * 65_536 + sequence;
  return wraps * 65_536 + sequence;
}
