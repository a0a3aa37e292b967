import type { CodecOrder } from './codec-order.ts';
import type { Encryption } from './own-keys.ts';

/** What the operator wants of the media of phones. */
export interface MediaPolicy {
  /** Keys by SDES in our offers; `required` refuses what comes without as well. Left out: where the signalling is encrypted. */
  readonly encryption?: 'off' | 'optional' | 'required';
  readonly codecs?: CodecOrder;
}

/**
 * How our first offer to a peer asks for encryption. Keys on a way that is not encrypted itself protect from nobody
 * on that way, so they are sent there only if the operator says so.
 */
export function offeredEncryption({ encryption }: MediaPolicy, isTls: boolean): Encryption {
  if (encryption === 'off') return 'none';
  if (encryption === 'required' || isTls) return 'only';
  return encryption === 'optional' ? 'beside' : 'none';
}

/** How we take part in a call that comes in: its offer says what is possible. */
export function answeredEncryption({ encryption }: MediaPolicy, isTls: boolean): Encryption {
  if (encryption === 'required') return 'only';
  return encryption === 'off' || (encryption === undefined && !isTls) ? 'none' : 'beside';
}

/** A refusal of this kind may be for the encryption, or for the want of it (RFC 3261 s. 21.4.26, 21.4.13, 21.6.4). */
export const mayBeForEncryption = (code: number): boolean => code === 488 || code === 415 || code === 606;

/** What to offer to a peer that has refused `offered`, if the operator leaves that open. */
export function otherEncryption({ encryption }: MediaPolicy, offered: Encryption): Encryption | undefined {
  if (encryption === 'off' || encryption === 'required') return undefined;
  return offered === 'only' ? 'none' : 'only';
}
