import { type Cipheriv, createCipheriv } from 'node:crypto';

const blockBytes = 16;
/** The largest packet that a socket hands us, and as much again of what encryption adds. */
const maxBlocks = 136;
/** Blocks of one packet; used up before the next packet comes, so one buffer does for all. */
const counters = new Uint8Array(maxBlocks * blockBytes);

/**
 * AES in counter mode (RFC 3711 s. 4.1.1). A cipher that lives as long as its key encrypts the counters; one made for
 * each packet would cost ten times as much.
 */
export class Keystream {
  readonly #cipher: Cipheriv;

  /** @param key of 16 or 32 octets */
  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv(key.length === 32 ? 'aes-256-ecb' : 'aes-128-ecb', key, null).setAutoPadding(false);
  }

  /**
   * Encrypts or decrypts a part in place.
   *
   * @param first the counter of the first block; its last two octets are 0
   */
  apply(bytes: Uint8Array, from: number, to: number, first: Uint8Array): void {
    const blocks = Math.ceil((to - from) / blockBytes);
    if (blocks > maxBlocks) throw new RangeError(`a packet of ${to - from} octets, at most ${counters.length} fit`);
    for (let block = 0; block < blocks; block += 1) {
      const at = block * blockBytes;
      counters.set(first, at);
      counters[at + 14] = block >>> 8;
      counters[at + 15] = block;
    }
    const stream = this.#cipher.update(counters.subarray(0, blocks * blockBytes));
    for (let at = from; at < to; at += 1) bytes[at] = (bytes[at] ?? 0) ^ (stream[at - from] ?? 0);
  }
}
