import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { causeOf, type EndCause } from '../call/end-cause.ts';
import type { DialledNumber, TrunkUse } from '../ports/sip-endpoint.ts';
import type { CallSeats } from './call-seats.ts';
import type { CallPlan, ExchangeParts } from './parts.ts';

/** Who has proven to be the caller, and what is dialled. */
interface Wish {
  readonly account: Aor | undefined;
  readonly dialled: string;
}

/**
 * How a number is dialled, or why it is not: numbers cost money, so the account has to be one of ours that the operator
 * allows. A trunk whose lines are all busy is passed over for the next one that takes the number.
 *
 * @param seats of the call, one of which is the trunk's then
 */
export async function numberToDial(
  { own, sip, signaling }: ExchangeParts,
  plan: CallPlan,
  { account, dialled }: Wish,
  seats: CallSeats,
): Promise<DialledNumber | EndCause> {
  if (account === undefined || !account.endsWith(`@${own().domain}`)) return reasons.notOurs;
  const trunks = sip.trunksFor?.(dialled) ?? [];
  if (trunks === 'barred') return reasons.barred;
  const [best, ...others] = trunks;
  if (best === undefined) return reasons.noTrunk;
  if (!(await signaling.mayDial(aor(account)))) return reasons.notAllowed;
  const free = firstFree(best, others, seats);
  if ('code' in free) return free;
  return { dialled, trunk: free.trunk, name: account.split('@')[0] ?? '', isAnonymous: wantsPrivacy(plan) };
}

/** @returns why the best one is not free, if none is */
function firstFree(best: TrunkUse, others: readonly TrunkUse[], seats: CallSeats): TrunkUse | EndCause {
  const refusal = seats.ofTrunk(best);
  if (refusal === undefined) return best;
  return others.find((trunk) => seats.ofTrunk(trunk) === undefined) ?? refusal;
}

/** The caller does not want to be known to the called (RFC 3323 s. 4.2, RFC 3325 s. 9.3). */
const wantsPrivacy = ({ headers }: CallPlan): boolean =>
  headers.some(({ name, value }) => /^privacy$/i.test(name) && /\b(?:id|user|header)\b/i.test(value));

const reasons = {
  notOurs: causeOf(403, 'gateway', 'numbers are dialled for accounts of this server only'),
  noTrunk: causeOf(403, 'gateway', 'no trunk of this server takes this number'),
  barred: causeOf(403, 'gateway', 'this number is barred here (see SYLK_TRUNKS)'),
  notAllowed: causeOf(403, 'gateway', 'this account may not dial numbers'),
} as const;
