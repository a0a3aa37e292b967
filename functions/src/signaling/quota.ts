import type { Quota } from '../ports/quotas.ts';
import { RequestError } from './errors.ts';
import type { Services } from './services.ts';

/**
 * Counts one use of a quota in a sylkRTC request.
 *
 * @param what for the error text, for example `calls`
 * @throws RequestError when it is used up
 */
export const takeQuota = async (services: Services, quota: Quota, key: string, what: string): Promise<void> => {
  const answer = await services.store.quotas.take(quota, key, services.clock.now());
  if (answer.granted) return;
  services.observer.quotaReached(quota.kind);
  throw quotaReached(what, answer.retryAfterMs);
};

export const quotaReached = (what: string, retryAfterMs: number): RequestError =>
  new RequestError('quota', `Too many ${what}, try again in ${Math.ceil(retryAfterMs / 1000)} s`);
