import type { PhoneSnapshot } from '../../store/snapshot.ts';
import { readTypedAddress } from '../dial/typed-address.ts';
import { plainAddress } from '../people/person.ts';
import { bigCall } from '../state/screen.ts';

/**
 * Whether the text in the address field has served: the call to it is being talked in now. Until then it stays, so
 * that a call that fails can be tried again.
 */
export function isNowTalkingTo(text: string, before: PhoneSnapshot, after: PhoneSnapshot): boolean {
  const call = bigCall(after);
  if (call?.phase !== 'established' || bigCall(before)?.phase === 'established') return false;
  const typed = readTypedAddress(text, after.domain);
  return typed.kind === 'address' && plainAddress(typed.uri) === plainAddress(call.peer.uri);
}
