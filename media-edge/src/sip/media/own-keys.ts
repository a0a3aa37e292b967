import { randomBytes } from 'node:crypto';
import type { Security, SrtpKey, SrtpSuite } from '../../ports/relay.ts';
import type { PlainLine } from '../../sdp/plain-read.ts';
import { isSecureProfile, type SdesKey } from '../../sdp/sdes.ts';
import { MediaRefused } from './media-address.ts';

/** Whether media go encrypted: never, if the peer wants it too, or else not at all. */
export type Encryption = 'none' | 'beside' | 'only';

/** What we offer; others are taken when they are offered. */
const offeredSuites: readonly SrtpSuite[] = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'];

/** Our keys of one stream by SDES: one for each suite, the same for the life of the stream, as its numbers go on. */
export class OwnKeys {
  readonly #texts = new Map<SrtpSuite, string>();
  #offered: readonly SdesKey[] = [];

  offer(encryption: Encryption): readonly SdesKey[] {
    const suites = encryption === 'none' ? [] : offeredSuites;
    this.#offered = suites.map((suite, index) => this.#key(suite, index + 1));
    return this.#offered;
  }

  /** Offers again what is in use. */
  offerAgain(security: Security | undefined): readonly SdesKey[] {
    this.#offered = security === undefined ? [] : [this.#key(security.outbound.suite, 1)];
    return this.#offered;
  }

  /**
   * The keys that the peer's answer comes to.
   *
   * @throws MediaRefused for an answer that leaves out what was asked, or invents something
   */
  answered({ keys: [theirs], protocol }: PlainLine): Security | undefined {
    if (theirs === undefined) {
      if (isSecureProfile(protocol)) throw new MediaRefused('the other side answers encryption without a key');
      return undefined;
    }
    // Some phones write a key into every description; without one of ours it opens nothing.
    if (this.#offered.length === 0 && !isSecureProfile(protocol)) return undefined;
    const ours = this.#offered.find(({ tag, suite }) => tag === theirs.tag && suite === theirs.suite);
    if (ours === undefined) throw new MediaRefused('the other side answers with a key that belongs to no offered one');
    return { inbound: toSrtpKey(theirs), outbound: toSrtpKey(ours) };
  }

  /** Answers the keys of an offer: the one that the peer wants most. */
  answer({ keys: [theirs] }: PlainLine): { security: Security; key: SdesKey } | undefined {
    if (theirs === undefined) return undefined;
    const key = this.#key(theirs.suite, theirs.tag);
    return { key, security: { inbound: toSrtpKey(theirs), outbound: toSrtpKey(key) } };
  }

  #key(suite: SrtpSuite, tag: number): SdesKey {
    const text = this.#texts.get(suite) ?? randomBytes(suite.startsWith('AES_256') ? 46 : 30).toString('base64');
    this.#texts.set(suite, text);
    return { tag, suite, text: text.replace(/=+$/, '') };
  }
}

function toSrtpKey({ suite, text, mki }: SdesKey): SrtpKey {
  const keyAndSalt = Uint8Array.from(Buffer.from(text, 'base64'));
  if (mki === undefined) return { suite, keyAndSalt };
  const octets = Array.from({ length: mki.bytes }, (_, index) =>
    Math.floor(mki.value / 256 ** (mki.bytes - 1 - index)),
  );
  return { suite, keyAndSalt, mki: Uint8Array.from(octets) };
}
