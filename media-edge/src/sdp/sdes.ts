/**
 * Keys of SRTP in the description itself (SDES, RFC 4568):
 *
 *     a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj|2^31|1:4
 *
 * Whoever writes such a line sends by its key. Base64 stays text here.
 */
import { type SrtpSuite, srtpSuites } from '../ports/relay.ts';
import type { Crypto } from './section.ts';

/** A key that we can use. */
export interface SdesKey {
  readonly tag: number;
  readonly suite: SrtpSuite;
  /** Master key and salt in base64. */
  readonly text: string;
  /** The name of the key that stands in each packet, as a number of so many octets. */
  readonly mki?: { readonly value: number; readonly bytes: number };
}

/** Characters of base64 for the 30 octets of AES-128 with its salt and the 46 of AES-256, without padding. */
const keyChars = (suite: SrtpSuite): number => (suite.startsWith('AES_256') ? 62 : 40);

/** What changes the packets in a way that is not done here; a window hint and the like does not (RFC 4568 s. 6.3). */
const changesPackets = /^(KDR|UNENCRYPTED|UNAUTHENTICATED|FEC_)/i;

const maxMkiBytes = 6;

/** The lines that can be used, as the other side prefers them. */
export const usableKeys = (cryptos: readonly Crypto[]): SdesKey[] => cryptos.flatMap((line) => toKey(line) ?? []);

function toKey({ tag, suite: name, keys, parameter }: Crypto): SdesKey | undefined {
  const suite = srtpSuites.find((known) => known === name);
  if (suite === undefined || changesPackets.test(parameter ?? '')) return undefined;
  // One key only: with several each packet would have to say which one it is.
  const match = /^inline:([A-Za-z0-9+/]+)={0,2}(?:\|[^|:;]+)?(?:\|(\d{1,14}):(\d{1,3}))?$/.exec(keys);
  const [, text = '', value, bytes] = match ?? [];
  if (text.length !== keyChars(suite)) return undefined;
  if (value === undefined || bytes === undefined) return { tag, suite, text };
  const mki = { value: Number(value), bytes: Number(bytes) };
  return mki.bytes < 1 || mki.bytes > maxMkiBytes ? undefined : { tag, suite, text, mki };
}

/** The line for a key of ours. */
export const toCrypto = ({ tag, suite, text }: SdesKey): Crypto => ({ tag, suite, keys: `inline:${padded(text)}` });

const padded = (text: string): string => text.padEnd(Math.ceil(text.length / 4) * 4, '=');

/** RTP under keys by its name in SDP; without `UDP/TLS` they come by SDES (RFC 4568, RFC 5124). */
export const isSecureProfile = (protocol: string): boolean => /^RTP\/SAVPF?$/.test(protocol);

export const isPlainProfile = (protocol: string): boolean => /^RTP\/AVPF?$/.test(protocol);
