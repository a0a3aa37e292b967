import type { Quota, QuotaAnswer } from '../ports/quotas.ts';
import { RequestError } from './errors.ts';
import type { Services } from './services.ts';

/**
 * Refuses a sylkRTC request whose quota is used up.
 *
 * @param what for the error text, for example `calls`
 * @throws RequestError when it is
 */
export const requireGranted = ({ observer }: Services, { kind }: Quota, answer: QuotaAnswer, what: string): void => {
  if (answer.granted) return;
  observer.quotaReached(kind);
  throw quotaReached(what, answer.retryAfterMs);
};

export const quotaReached = (what: string, retryAfterMs: number): RequestError =>
  new RequestError('quota', `Too many ${what}, try again in ${Math.ceil(retryAfterMs / 1000)} s`);
