import { type DigestClaim, digestResponse } from '@sylk/protocol/digest-claim.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { Account } from '../../ports/accounts.ts';
import type { Crypto } from '../../ports/crypto.ts';
import { proven } from '../account/sign-in.ts';
import { standingOf } from '../account/standing.ts';
import { ownAor, userOf } from '../own-domain.ts';
import type { Services } from '../services.ts';

/** A phone that says that an account is its own. */
export interface PhoneClaim {
  /** Under any name of our domain. */
  readonly aor: Aor;
  readonly network: string;
  readonly claim: DigestClaim;
}

export type PhoneProof =
  | { readonly status: 'right'; readonly account: Account }
  | { readonly status: 'wrong' | 'blocked' | 'expired' }
  | { readonly status: 'refused'; readonly retryAfterS: number };

/** Looks whether a phone knows the password of its account, and whether that may be used. */
export const proofOf = async (services: Services, { aor: given, network, claim }: PhoneClaim): Promise<PhoneProof> => {
  const { domain, crypto, clock } = services;
  const aor = ownAor(domain, given);
  if (aor === undefined) return { status: 'wrong' };
  // RFC 3261 s. 10.3 (4): who knows one password may not speak for other accounts.
  const isOwn = claim.realm === domain.name && claim.username.toLowerCase() === userOf(aor);
  const result = await proven(services, { aor, network }, (account) => isOwn && isRight(crypto, account, claim));
  if (result.status === 'refused') return { status: 'refused', retryAfterS: Math.ceil(result.retryAfterMs / 1000) };
  if (result.status === 'wrong') return { status: 'wrong' };
  const standing = standingOf(result.account, clock.now());
  if (standing === 'active') return { status: 'right', account: result.account };
  return { status: standing === 'removed' ? 'wrong' : standing };
};

const isRight = (crypto: Crypto, { ha1Md5, ha1Sha256 }: Account, claim: DigestClaim): boolean => {
  switch (claim.algorithm) {
    case 'MD5':
      return crypto.isEqual(digestResponse(crypto.md5, ha1Md5, claim), claim.response);
    case 'SHA-256':
      return crypto.isEqual(digestResponse(crypto.sha256, ha1Sha256, claim), claim.response);
    case 'SHA-512-256':
      // Of this one nothing is stored, so nobody is asked for it.
      return false;
  }
};
