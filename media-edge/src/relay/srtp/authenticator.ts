import { hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 20;

/** Room for the largest packet with what encryption adds. One for all: it is used up before the next packet comes. */
const inner = new Uint8Array(blockBytes + 2048 + 64);
const outer = new Uint8Array(blockBytes + digestBytes);

/** What is to be authenticated is put here, so that nothing is copied once more. */
export const message = inner.subarray(blockBytes);

/** HMAC-SHA1 (RFC 2104) by two hashes at one go, which costs less than an object for each packet. */
export class Authenticator {
  readonly #innerPad: Uint8Array;
  readonly #outerPad: Uint8Array;

  /** @param key of 64 octets at most */
  constructor(key: Uint8Array) {
    this.#innerPad = padded(key, 0x36);
    this.#outerPad = padded(key, 0x5c);
  }

  /** @returns the code of the first `bytes` of `message`, 20 octets */
  sign(bytes: number): Uint8Array {
    inner.set(this.#innerPad);
    outer.set(this.#outerPad);
    outer.set(hash('sha1', inner.subarray(0, blockBytes + bytes), 'buffer'), blockBytes);
    return hash('sha1', outer, 'buffer');
  }
}

const padded = (key: Uint8Array, pad: number): Uint8Array =>
  Uint8Array.from({ length: blockBytes }, (_, index) => (key[index] ?? 0) ^ pad);

/** Compares all of it, whatever differs first: the time tells nothing. */
export function isTag(tag: Uint8Array, packet: Uint8Array, at: number, bytes: number): boolean {
  let difference = 0;
  for (let index = 0; index < bytes; index += 1) difference |= (tag[index] ?? 0) ^ (packet[at + index] ?? 0);
  return difference === 0;
}
