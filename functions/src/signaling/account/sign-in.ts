import type { Aor } from '@sylk/protocol/ids.ts';
import { wrongPasswordsPerNetwork, wrongPasswordsPerWindow, wrongPasswordsWindowMs } from '@sylk/protocol/limits.ts';
import type { Account } from '../../ports/accounts.ts';
import type { Quota, QuotaAnswer } from '../../ports/quotas.ts';
import type { Services } from '../services.ts';
import { isPasswordOf } from './password.ts';

/** Somebody who says that an account is theirs. */
export interface Claimant {
  readonly aor: Aor;
  /** Where it comes from, for the quota. */
  readonly network: string;
}

export interface SignIn extends Claimant {
  /** The password, or HA1. */
  readonly password: string;
}

export type SignInResult =
  | { readonly status: 'right'; readonly account: Account }
  | { readonly status: 'wrong' }
  | { readonly status: 'refused'; readonly retryAfterMs: number };

/** A use of a quota: what is counted, and for whom. */
type Count = readonly [Quota, string];

/** Guesses at one account, and one guess at each of many. */
const countsOf = ({ aor, network }: Claimant): readonly Count[] => [
  [{ kind: 'passwords', windowMs: wrongPasswordsWindowMs, limit: wrongPasswordsPerWindow }, `${network} ${aor}`],
  [{ kind: 'network-passwords', windowMs: wrongPasswordsWindowMs, limit: wrongPasswordsPerNetwork }, network],
];

/** Checks a password. */
export const signIn = (services: Services, attempt: SignIn): Promise<SignInResult> =>
  proven(services, attempt, (account) => isPasswordOf(services.crypto, services.domain, account, attempt.password));

/**
 * Checks what stands for a password. Wrong ones are counted for each network, and for each account that it tries; when there were
 * too many, right ones are refused as well, or guessing could go on.
 */
export const proven = async (
  services: Services,
  claimant: Claimant,
  isRight: (account: Account) => boolean,
): Promise<SignInResult> => {
  const { store, clock } = services;
  const { aor } = claimant;
  const counts = countsOf(claimant);
  // Together, for some stores answer several questions at once faster than one after the other.
  const [account, ...waits] = await Promise.all([
    store.accounts.find(aor),
    ...counts.map((count) => waitFor(services, count)),
  ]);
  const retryAfterMs = Math.max(...waits);
  if (retryAfterMs > 0) return { status: 'refused', retryAfterMs };
  const isKnown = account !== undefined && account.status !== 'removed';
  if (isKnown && isRight(account)) return { status: 'right', account };
  await Promise.all(counts.map(([quota, key]) => store.quotas.take(quota, key, clock.now())));
  return { status: 'wrong' };
};

/** @returns for how long no password is tried for this account or from this network, in ms; 0 when they are */
export const waitForPasswords = async (services: Services, attempt: SignIn): Promise<number> =>
  Math.max(...(await Promise.all(countsOf(attempt).map((count) => waitFor(services, count)))));

/** @returns for how long this quota is used up, in ms; 0 when it is not */
const waitFor = async ({ store, clock, observer }: Services, [quota, key]: Count): Promise<number> => {
  const answer: QuotaAnswer = await store.quotas.look(quota, key, clock.now());
  if (answer.granted) return 0;
  observer.quotaReached(quota.kind);
  return answer.retryAfterMs;
};
