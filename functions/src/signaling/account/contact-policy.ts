import type { Aor } from '@sylk/protocol/ids.ts';
import { contactsPerFrame, maxListedContacts } from '@sylk/protocol/limits.ts';
import { toAor } from '@sylk/protocol/sip-address.ts';
import type { ContactPolicyEvent } from '@sylk/protocol/sylkrtc/events.ts';
import type { AccountAllow, AccountBlock } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Account, ContactPolicy } from '../../ports/accounts.ts';
import { RequestError } from '../errors.ts';
import { tellDevices } from '../message/tell.ts';
import { requireVerified } from '../message/verified.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import { ownAor } from '../own-domain.ts';
import { requireGranted } from '../quota.ts';
import type { Asker, Services } from '../services.ts';

/** `account-block`: nothing of this contact reaches the account any more, on whatever device. */
export const accountBlock = (services: Services, asker: Asker, request: AccountBlock): Promise<Outcome> =>
  decide(services, asker, request, 'blocked');

/** `account-allow`: this contact is blocked no longer, and no stranger. */
export const accountAllow = (services: Services, asker: Asker, request: AccountAllow): Promise<Outcome> =>
  decide(services, asker, request, 'allowed');

/**
 * Whether an account of ours has blocked whoever calls or writes.
 *
 * @param uri the account that was proven, or what a SIP peer says
 */
export const isBlocked = (services: Services, account: Account | undefined, uri: string): boolean =>
  account?.blocked?.includes(listedAs(services, uri)) ?? false;

/** All that a device has to know that signs in: as many events as frames are needed, none when nobody is listed. */
export const contactPolicyEvents = (
  account: string,
  { blocked = [], allowed = [] }: Account,
): readonly ContactPolicyEvent[] => {
  const listed = [
    ...blocked.map((contact) => ({ contact, policy: 'blocked' }) as const),
    ...allowed.map((contact) => ({ contact, policy: 'allowed' }) as const),
  ];
  const frames = Array.from({ length: Math.ceil(listed.length / contactsPerFrame) }, (_, index) =>
    listed.slice(index * contactsPerFrame, (index + 1) * contactsPerFrame),
  );
  return frames.map((part, index) => ({
    sylkrtc: 'account-event',
    account,
    event: 'contact-policy',
    blocked: part.filter(({ policy }) => policy === 'blocked').map(({ contact }) => contact),
    allowed: part.filter(({ policy }) => policy === 'allowed').map(({ contact }) => contact),
    ...(index === 0 && { reset: true }),
    ...(index < frames.length - 1 && { more: true }),
  }));
};

/** A page may have as many to tell at once as it had blocked before. */
const quota = { kind: 'contact-policy', windowMs: 3_600_000, limit: 1_200 };

const decide = async (
  services: Services,
  asker: Asker,
  request: AccountBlock | AccountAllow,
  policy: ContactPolicy,
): Promise<Outcome> => {
  const { aor, account } = await requireVerified(services, asker, request.account);
  if (ownAor(services.domain, aor) === undefined)
    throw new RequestError('not-available', `Only accounts of ${services.domain.name} can block or allow here`);
  const contact = listedAs(services, request.uri);
  if (contact === aor) throw new RequestError('invalid', 'An account can neither block nor allow itself');
  const { store, clock } = services;
  requireGranted(services, quota, await store.quotas.take(quota, aor, clock.now()), 'decisions about contacts');
  await list(services, aor, contact, policy);
  const lists = policy === 'blocked' ? { blocked: [contact], allowed: [] } : { blocked: [], allowed: [contact] };
  const news = { event: 'contact-policy', ...lists } as const;
  await tellDevices(services, aor, news, asker.connection);
  return { ...acknowledged(request), events: [{ sylkrtc: 'account-event', account, ...news }] };
};

const list = async ({ store }: Services, aor: Aor, contact: string, policy: ContactPolicy): Promise<void> => {
  switch (await store.accounts.setContact(aor, contact, policy, maxListedContacts)) {
    case 'done':
      return;
    case 'full':
      throw new RequestError(
        'invalid',
        `At most ${maxListedContacts} contacts can be blocked, allow another one first`,
      );
    case 'unknown':
      throw new RequestError('not-authenticated', 'Account not authenticated');
  }
};

/** One spelling for a person: no scheme, port or parameters, and as with our own names no regard to case. */
const listedAs = ({ domain }: Services, uri: string): string => (ownAor(domain, uri) ?? toAor(uri)).toLowerCase();
