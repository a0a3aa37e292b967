import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { toAor, withoutScheme } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { parseNameAddr } from '../message/name-addr.ts';

export interface CallerIdentity {
  readonly uri: Aor;
  readonly displayName: string;
}

/**
 * Who calls: what the From says, or what a network that the operator trusts asserts (RFC 3325 s. 9.1), unless the
 * caller wants to stay unknown (RFC 3323 s. 4.2, RFC 3325 s. 7).
 */
export function callerOf(message: Core.IncomingRequestMessage, isTrusted: boolean): CallerIdentity {
  if (wantsPrivacy(message) || isAnonymous(message)) return anonymous;
  const [asserted] = isTrusted ? message.getHeaders('p-asserted-identity') : [];
  const known = asserted === undefined ? undefined : parseNameAddr(asserted);
  const { uri, displayName } = known !== undefined && /^sips?$/.test(known.uri.scheme) ? known : message.from;
  return { uri: toAor(withoutScheme(uri.toString())), displayName };
}

/** Headers that only a trusted network's word is good for; of others they are not even shown. */
export const assertedHeaders: ReadonlySet<string> = new Set([
  'p-asserted-identity',
  'p-preferred-identity',
  'remote-party-id',
  'history-info',
  'diversion',
]);

function wantsPrivacy(message: Core.IncomingRequestMessage): boolean {
  const wishes = message.getHeaders('privacy').flatMap((value) => value.toLowerCase().split(';'));
  return wishes.some((wish) => ['id', 'user', 'header'].includes(wish.trim()));
}

const isAnonymous = ({ from }: Core.IncomingRequestMessage): boolean =>
  /^anonymous$/i.test(from.uri.user ?? '') || from.uri.host.toLowerCase() === 'anonymous.invalid';

/** RFC 3323 s. 4.1.1.3. */
const anonymous: CallerIdentity = { uri: aor('anonymous@anonymous.invalid'), displayName: 'Anonymous' };
