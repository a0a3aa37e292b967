import { encode } from '@sylk/protocol/codec.ts';
import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { temporaryAddressMs } from '@sylk/protocol/limits.ts';
import type { Account } from '../../ports/accounts.ts';
import type { Services } from '../services.ts';
import { credentials } from './password.ts';
import { displayNameOf, readableName } from './readable-name.ts';
import { stateOf } from './registration.ts';

/** A new address and its password, which is told this once. */
export interface NewAddress {
  readonly account: Account;
  readonly password: string;
}

/** A name is taken about once in 20 million tries per address ever given out; more in a row mean that something is wrong. */
const maxTries = 20;

/** Gives out a temporary address with a name and a password of our choice. */
export const giveTemporaryAddress = async (services: Services): Promise<NewAddress> => {
  const { crypto, clock, store } = services;
  const password = crypto.token(15);
  for (let tries = 0; tries < maxTries; tries += 1) {
    const name = readableName(crypto);
    const expiresAt = clock.now() + temporaryAddressMs;
    const account = toAccount(services, { name, password, displayName: displayNameOf(name), expiresAt });
    if ((await store.accounts.create(account)) === 'created') return { account, password };
  }
  throw new Error(`${maxTries} names in a row were taken`);
};

/** Gives out a permanent address. @returns undefined when the name is or was somebody's */
export const givePermanentAddress = async (
  services: Services,
  wish: { readonly name: string; readonly password: string; readonly displayName: string },
): Promise<NewAddress | undefined> => {
  const account = toAccount(services, wish);
  const isCreated = (await services.store.accounts.create(account)) === 'created';
  return isCreated ? { account, password: wish.password } : undefined;
};

/** Takes an address out of use for good and signs its devices out. @returns whether there is such an address */
export const removeAddress = async (services: Services, address: Aor): Promise<boolean> => {
  if (!(await services.store.accounts.setStatus(address, 'removed'))) return false;
  await signOut(services, address, '410 Gone');
  return true;
};

/** Keeps an address from being used, until it is unblocked. @returns whether there is such an address */
export const blockAddress = async (services: Services, address: Aor): Promise<boolean> => {
  if (!(await services.store.accounts.setStatus(address, 'blocked'))) return false;
  await signOut(services, address, '403 Forbidden');
  return true;
};

export const unblockAddress = ({ store }: Services, address: Aor): Promise<boolean> =>
  store.accounts.setStatus(address, 'active');

/** Lets an account dial numbers, or no longer. @returns whether there is such an address */
export const allowNumbers = ({ store }: Services, address: Aor, isAllowed: boolean): Promise<boolean> =>
  store.accounts.setMayDial(address, isAllowed);

const signOut = async (services: Services, address: Aor, reason: string): Promise<void> => {
  const { store, clock, sender } = services;
  const origin = { callId: '', cseq: 0, claimant: reason };
  for (const { place } of await store.phones.of(address, clock.now()))
    await store.phones.unbind(address, place.key, origin, clock.now());
  for (const place of await store.devices.of(address, clock.now())) {
    await store.devices.unregister(address, place.device, place.connection);
    await store.connections.distrust(place.connection, address);
    await sender.post(place.connection, encode({ ...stateOf(place), state: 'failed', reason }));
  }
};

interface Properties {
  readonly name: string;
  readonly password: string;
  readonly displayName: string;
  readonly expiresAt?: number;
}

const toAccount = (services: Services, { name, password, displayName, expiresAt }: Properties): Account => ({
  aor: aor(`${name}@${services.domain.name}`),
  displayName,
  ...credentials(services.crypto, services.domain, name, password),
  lifetime: expiresAt === undefined ? 'permanent' : 'temporary',
  createdAt: services.clock.now(),
  expiresAt,
  status: 'active',
  createdBy: services.crypto.token(12),
});
