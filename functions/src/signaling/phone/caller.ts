import type { CallerAnswer } from '@sylk/protocol/edge/phones.ts';
import { renewByUse } from '../account/standing.ts';
import type { Services } from '../services.ts';
import { type PhoneClaim, proofOf } from './proof.ts';

/** A phone calls in the name of an account: counts as a call of a page does. */
export const phoneCaller = async (services: Services, claim: PhoneClaim): Promise<CallerAnswer> => {
  const { store, clock, settings, observer } = services;
  const proof = await proofOf(services, claim);
  if (proof.status !== 'right') return proof;
  const { aor, displayName } = proof.account;
  const quota = { kind: 'calls', windowMs: 60_000, limit: settings.callsPerMinute };
  const use = await store.accounts.countUse(aor, quota, clock.now());
  if (use === undefined) return { status: 'wrong' };
  if (!use.answer.granted) {
    observer.quotaReached(quota.kind);
    return { status: 'refused', retryAfterS: Math.ceil(use.answer.retryAfterMs / 1000) };
  }
  await renewByUse(store.accounts, proof.account, clock.now());
  return { status: 'right', aor, displayName };
};
