import type { ChallengeEvent } from '@sylk/protocol/sylkrtc/events.ts';
import { md5 } from './md5.ts';

type Algorithm = ChallengeEvent['algorithm'];

/**
 * HA1 of a password (RFC 7616 s. 3.4.2), as a provider asks for it.
 *
 * @returns undefined for a hash that browsers do not have, or have on secure pages only
 */
export async function ha1Of(algorithm: Algorithm, text: string): Promise<string | undefined> {
  if (algorithm === 'MD5') return md5(text);
  if (algorithm !== 'SHA-256' || globalThis.crypto?.subtle === undefined) return undefined;
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
