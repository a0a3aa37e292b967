import type { Account } from '../../ports/accounts.ts';
import type { Crypto } from '../../ports/crypto.ts';
import type { OwnDomain } from '../own-domain.ts';
import { userOf } from '../own-domain.ts';

/** HA1 as both digests that SIP knows (RFC 7616 s. 3.4.2, RFC 8760); the realm is our domain. */
export const credentials = (crypto: Crypto, domain: OwnDomain, user: string, password: string) => {
  const text = `${user}:${domain.name}:${password}`;
  return { ha1Md5: crypto.md5(text), ha1Sha256: crypto.sha256(text) };
};

/**
 * Whether a client knows the password of an account. Clients send HA1; one that signs in under an alias
 * of our domain cannot know the realm, so the password itself counts as well.
 */
export const isPasswordOf = (crypto: Crypto, domain: OwnDomain, account: Account, given: string): boolean => {
  const { ha1Md5 } = credentials(crypto, domain, userOf(account.aor), given);
  const isHa1 = crypto.isEqual(given.toLowerCase(), account.ha1Md5);
  return crypto.isEqual(ha1Md5, account.ha1Md5) || isHa1;
};
