import type { Aor } from '@sylk/protocol/ids.ts';
import { wrongPasswordsPerWindow, wrongPasswordsWindowMs } from '@sylk/protocol/limits.ts';
import type { Account } from '../../ports/accounts.ts';
import type { QuotaAnswer } from '../../ports/quotas.ts';
import type { Services } from '../services.ts';
import { isPasswordOf } from './password.ts';

export interface SignIn {
  readonly aor: Aor;
  /** The password, or HA1. */
  readonly password: string;
  /** Where it comes from, for the quota. */
  readonly network: string;
}

export type SignInResult =
  | { readonly status: 'right'; readonly account: Account }
  | { readonly status: 'wrong' }
  | { readonly status: 'refused'; readonly retryAfterMs: number };

const quota = { kind: 'passwords', windowMs: wrongPasswordsWindowMs, limit: wrongPasswordsPerWindow };

/**
 * Checks a password. Wrong ones are counted for each account and network; when there were too many,
 * right ones are refused as well, or guessing could go on.
 */
export const signIn = async (services: Services, { aor, password, network }: SignIn): Promise<SignInResult> => {
  const { store, crypto, domain, clock, observer } = services;
  const key = `${network} ${aor}`;
  const allowance: QuotaAnswer = await store.quotas.look(quota, key, clock.now());
  if (!allowance.granted) {
    observer.quotaReached(quota.kind);
    return { status: 'refused', retryAfterMs: allowance.retryAfterMs };
  }
  const account = await store.accounts.find(aor);
  const isKnown = account !== undefined && account.status !== 'removed';
  if (isKnown && isPasswordOf(crypto, domain, account, password)) return { status: 'right', account };
  await store.quotas.take(quota, key, clock.now());
  return { status: 'wrong' };
};
