import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';

/**
 * Why a number is not dialled: numbers cost money, so the account has to be one of ours that the operator allows.
 *
 * @param account who has proven to be the caller
 */
export async function whyNotDialled(
  { own, sip, signaling }: ExchangeParts,
  account: Aor | undefined,
  number: string,
): Promise<EndCause | undefined> {
  if (account === undefined || !account.endsWith(`@${own().domain}`)) return reasons.notOurs;
  if (sip.hasTrunk?.(number) !== true) return reasons.noTrunk;
  return (await signaling.mayDial(aor(account))) ? undefined : reasons.notAllowed;
}

/** The caller does not want to be known to the called (RFC 3323 s. 4.2, RFC 3325 s. 9.3). */
export const wantsPrivacy = ({ headers }: CallPlan): boolean =>
  headers.some(({ name, value }) => /^privacy$/i.test(name) && /\b(?:id|user|header)\b/i.test(value));

const reasons = {
  notOurs: causeOf(403, 'gateway', 'numbers are dialled for accounts of this server only'),
  noTrunk: causeOf(403, 'gateway', 'no trunk of this server takes this number'),
  notAllowed: causeOf(403, 'gateway', 'this account may not dial numbers'),
} as const;
