import type { SrtpKey } from '../../ports/relay.ts';
import { Authenticator } from './authenticator.ts';
import { Keystream } from './keystream.ts';
import { saltBytes, suiteSizes } from './suites.ts';

/** What the packets of one direction, RTP or RTCP, are encrypted and signed with. */
export interface SessionKeys {
  readonly keystream: Keystream;
  readonly authenticator: Authenticator;
  readonly salt: Uint8Array;
}

/** RFC 3711 s. 4.3.2; those of RTCP are three higher. */
const labels = { encryption: 0, authentication: 1, salt: 2 };
const reportLabels = 3;
const authenticationBytes = 20;

/** Derives them from the master key (RFC 3711 s. 4.3, with a derivation rate of 0). */
export function sessionKeys({ suite, keyAndSalt }: SrtpKey, media: 'rtp' | 'rtcp'): SessionKeys {
  const { keyBytes } = suiteSizes[suite];
  const master = new Keystream(keyAndSalt.subarray(0, keyBytes));
  const masterSalt = keyAndSalt.subarray(keyBytes, keyBytes + saltBytes);
  const derive = (label: number, bytes: number): Uint8Array => {
    const first = new Uint8Array(16);
    first.set(masterSalt);
    first[7] = (first[7] ?? 0) ^ (media === 'rtp' ? label : label + reportLabels);
    const derived = new Uint8Array(bytes);
    master.apply(derived, 0, bytes, first);
    return derived;
  };
  return {
    keystream: new Keystream(derive(labels.encryption, keyBytes)),
    authenticator: new Authenticator(derive(labels.authentication, authenticationBytes)),
    salt: derive(labels.salt, saltBytes),
  };
}

const counter = new Uint8Array(16);

/**
 * The first counter of a packet (RFC 3711 s. 4.1.1): valid until the next call.
 *
 * @param index of the packet in its stream, below 2^48
 */
export function firstCounter(salt: Uint8Array, ssrc: number, index: number): Uint8Array {
  counter.set(salt);
  counter[14] = 0;
  counter[15] = 0;
  const high = Math.floor(index / 2 ** 32);
  mix(4, ssrc);
  counter[8] = (counter[8] ?? 0) ^ (high >>> 8);
  counter[9] = (counter[9] ?? 0) ^ high;
  mix(10, index % 2 ** 32);
  return counter;
}

function mix(at: number, value: number): void {
  for (let octet = 0; octet < 4; octet += 1)
    counter[at + octet] = (counter[at + octet] ?? 0) ^ (value >>> (24 - 8 * octet));
}
