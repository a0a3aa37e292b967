import type { StoreMessages } from './messages/en.ts';
import { Sentence } from './sentence.ts';

/**
 * Makes of what a person typed the address that is called: without `sip:`, which is meant anyway (`sips:`
 * asks for TLS on every hop and stays), and of our own domain when none was named.
 *
 * @throws Sentence when nothing can be called with it
 */
export function calledAddress(typed: string, ownDomain: string | undefined, messages: StoreMessages): string {
  const address = typed.trim().replace(/^sip:/i, '');
  if (address === '') throw new Sentence(messages.error.emptyAddress);
  if (address.includes('@') || address.includes(':')) return address;
  if (ownDomain === undefined) throw new Sentence(messages.error.noOwnDomain);
  return `${address}@${ownDomain}`;
}
