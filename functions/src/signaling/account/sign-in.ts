import type { Aor } from '@sylk/protocol/ids.ts';
import { wrongPasswordsPerNetwork, wrongPasswordsPerWindow, wrongPasswordsWindowMs } from '@sylk/protocol/limits.ts';
import type { Account } from '../../ports/accounts.ts';
import type { Quota, QuotaAnswer } from '../../ports/quotas.ts';
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

/** A use of a quota: what is counted, and for whom. */
type Count = readonly [Quota, string];

/** Guesses at one account, and one guess at each of many. */
const countsOf = ({ aor, network }: SignIn): readonly Count[] => [
  [{ kind: 'passwords', windowMs: wrongPasswordsWindowMs, limit: wrongPasswordsPerWindow }, `${network} ${aor}`],
  [{ kind: 'network-passwords', windowMs: wrongPasswordsWindowMs, limit: wrongPasswordsPerNetwork }, network],
];

/**
 * Checks a password. Wrong ones are counted for each network, and for each account that it tries; when there were
 * too many, right ones are refused as well, or guessing could go on.
 */
export const signIn = async (services: Services, attempt: SignIn): Promise<SignInResult> => {
  const { store, crypto, domain, clock } = services;
  const { aor, password } = attempt;
  const counts = countsOf(attempt);
  // Together, for some stores answer several questions at once faster than one after the other.
  const [account, ...waits] = await Promise.all([
    store.accounts.find(aor),
    ...counts.map((count) => waitFor(services, count)),
  ]);
  const retryAfterMs = Math.max(...waits);
  if (retryAfterMs > 0) return { status: 'refused', retryAfterMs };
  const isKnown = account !== undefined && account.status !== 'removed';
  if (isKnown && isPasswordOf(crypto, domain, account, password)) return { status: 'right', account };
  await Promise.all(counts.map(([quota, key]) => store.quotas.take(quota, key, clock.now())));
  return { status: 'wrong' };
};

/** @returns for how long this quota is used up, in ms; 0 when it is not */
const waitFor = async ({ store, clock, observer }: Services, [quota, key]: Count): Promise<number> => {
  const answer: QuotaAnswer = await store.quotas.look(quota, key, clock.now());
  if (answer.granted) return 0;
  observer.quotaReached(quota.kind);
  return answer.retryAfterMs;
};
