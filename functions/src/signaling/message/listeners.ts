import type { RingingPhone } from '@sylk/protocol/edge/phones.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import type { Account } from '../../ports/accounts.ts';
import type { RegisteredDevice } from '../../ports/devices.ts';
import { ownAor } from '../own-domain.ts';
import type { Services } from '../services.ts';
import { othersOf } from './tell.ts';

/** Where a text for an account is told. */
export interface Listeners {
  /** As the store has it; undefined for one elsewhere. */
  readonly account: Account | undefined;
  readonly devices: readonly RegisteredDevice[];
  /** Of an address of ours; those of others register at their provider. */
  readonly phones: readonly RingingPhone[];
}

/** Both by one question to the store. */
export const listenersOf = async (services: Services, account: Aor): Promise<Listeners> => {
  const { store, clock, domain } = services;
  if (ownAor(domain, account) === undefined)
    return { account: undefined, devices: await othersOf(services, account), phones: [] };
  const { account: own, devices, phones } = await store.accounts.findWithDevices(account, clock.now());
  return { account: own, devices, phones: phones.map(({ place, edge }) => ({ ...place, edge })) };
};

/** Phones get no copy of what they could not show. */
export const isShownByPhones = (contentType: string): boolean => /^text\/(?:plain|html)\b/i.test(contentType);
