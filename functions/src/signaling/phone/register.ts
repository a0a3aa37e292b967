import type { ContactsOrder, RegisterAnswer } from '@sylk/protocol/edge/phones.ts';
import type { Aor, EdgeId } from '@sylk/protocol/ids.ts';
import { maxPhonesPerAccount } from '@sylk/protocol/limits.ts';
import type { PhoneBinding, RegisterOrigin } from '../../ports/phones.ts';
import { renewByUse } from '../account/standing.ts';
import type { Services } from '../services.ts';
import { type PhoneClaim, proofOf } from './proof.ts';

export interface PhoneRegistration extends PhoneClaim {
  /** Names the report, so that a repeated one is known. */
  readonly id: string;
  readonly edge: EdgeId;
  readonly callId: string;
  readonly cseq: number;
  readonly order: ContactsOrder;
}

/** A phone registers (RFC 3261 s. 10.3): changes its contacts, and tells all of its account. */
export const registerPhone = async (services: Services, report: PhoneRegistration): Promise<RegisterAnswer> => {
  const { store, clock, log } = services;
  const proof = await proofOf(services, report);
  if (proof.status !== 'right') return proof;
  const { aor } = proof.account;
  const known = await store.phones.of(aor, clock.now());
  const refusal = refusalOf(known, report);
  if (refusal !== undefined) return { status: refusal };
  const changes = await Promise.all(changesOf(services, aor, { report, known }));
  // Somebody else was quicker with one of them; the phone asks again with a higher CSeq.
  if (changes.includes(false)) return { status: 'out-of-order' };
  if (report.order.do === 'set') await renewByUse(store.accounts, proof.account, clock.now());
  const contacts = await store.phones.of(aor, clock.now());
  log.info({ aor, edgeId: report.edge, order: report.order.do, contacts: contacts.length }, 'a phone registered');
  return { status: 'done', contacts: contacts.map((one) => toContact(one, clock.now())) };
};

/** All of the contacts are changed, or none (RFC 3261 s. 10.3). */
const refusalOf = (
  known: readonly PhoneBinding[],
  { id, callId, cseq, order }: PhoneRegistration,
): 'out-of-order' | 'full' | undefined => {
  if (order.do === 'list') return undefined;
  const own = order.do === 'clear' ? known : known.filter(({ place }) => orderOf(order, place.key) !== undefined);
  const isLate = own.some((one) => one.callId === callId && one.cseq >= cseq && one.claimant !== id);
  if (isLate) return 'out-of-order';
  if (order.do === 'clear') return undefined;
  const others = known.length - own.length;
  const added = order.contacts.filter(({ expiresS }) => expiresS > 0).length;
  return added > 0 && others + added > maxPhonesPerAccount ? 'full' : undefined;
};

const orderOf = (order: Extract<ContactsOrder, { do: 'set' }>, key: string) =>
  order.contacts.find((contact) => contact.key === key);

interface Change {
  readonly report: PhoneRegistration;
  readonly known: readonly PhoneBinding[];
}

const changesOf = (services: Services, aor: Aor, { report, known }: Change): readonly Promise<boolean>[] => {
  const { store, clock } = services;
  const { order, edge } = report;
  const now = clock.now();
  const origin: RegisterOrigin = { callId: report.callId, cseq: report.cseq, claimant: report.id };
  if (order.do === 'list') return [];
  if (order.do === 'clear') return known.map(({ place }) => store.phones.unbind(aor, place.key, origin, now));
  return order.contacts.map(({ expiresS, ...place }) => {
    if (expiresS === 0) return store.phones.unbind(aor, place.key, origin, now);
    const registeredAt = known.find((one) => one.place.key === place.key)?.registeredAt ?? now;
    const expiresAt = now + expiresS * 1000;
    return store.phones.bind({ aor, place, edge, ...origin, registeredAt, expiresAt }, now);
  });
};

const toContact = ({ place, expiresAt }: PhoneBinding, at: number) => ({
  ...place,
  expiresS: Math.ceil((expiresAt - at) / 1000),
});
