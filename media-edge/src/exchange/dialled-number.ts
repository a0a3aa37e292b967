import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { CallSeats } from './call-seats.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';

/**
 * Why a number is not dialled: numbers cost money, so the account has to be one of ours that the operator allows.
 *
 * @param account who has proven to be the caller
 * @param seats of the call, one of which is the trunk's then
 */
export async function whyNotDialled(
  { own, sip, signaling }: ExchangeParts,
  account: Aor | undefined,
  number: string,
  seats: CallSeats,
): Promise<EndCause | undefined> {
  if (account === undefined || !account.endsWith(`@${own().domain}`)) return reasons.notOurs;
  const trunk = sip.trunkFor?.(number);
  if (trunk === undefined) return reasons.noTrunk;
  if (trunk === 'barred') return reasons.barred;
  return (await signaling.mayDial(aor(account))) ? seats.ofTrunk(trunk) : reasons.notAllowed;
}

/** The caller does not want to be known to the called (RFC 3323 s. 4.2, RFC 3325 s. 9.3). */
export const wantsPrivacy = ({ headers }: CallPlan): boolean =>
  headers.some(({ name, value }) => /^privacy$/i.test(name) && /\b(?:id|user|header)\b/i.test(value));

const reasons = {
  notOurs: causeOf(403, 'gateway', 'numbers are dialled for accounts of this server only'),
  noTrunk: causeOf(403, 'gateway', 'no trunk of this server takes this number'),
  barred: causeOf(403, 'gateway', 'this number is barred here (see SYLK_TRUNKS)'),
  notAllowed: causeOf(403, 'gateway', 'this account may not dial numbers'),
} as const;
