import { temporaryAddressMs } from '@sylk/protocol/limits.ts';
import type { Account, AccountStatus, Accounts } from '../../ports/accounts.ts';

export type Standing = AccountStatus | 'expired';

/** Tells what an account is worth at `at` (ms since 1970). */
export const standingOf = (account: Account, at: number): Standing => {
  if (account.status === 'removed') return 'removed';
  if (account.expiresAt !== undefined && account.expiresAt <= at) return 'expired';
  return account.status;
};

/** Writes about the end of an address are saved until they move it by this much, in ms. */
const renewalStepMs = temporaryAddressMs / 24;

/** Prolongs a temporary address because it is used; others are left alone. */
export const renewByUse = async (accounts: Accounts, account: Account, at: number): Promise<void> => {
  const expiresAt = at + temporaryAddressMs;
  if (account.expiresAt === undefined || expiresAt - account.expiresAt < renewalStepMs) return;
  await accounts.renew(account.aor, expiresAt, at);
};
