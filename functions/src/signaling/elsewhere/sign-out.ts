import type { AddedAccount } from '../../ports/connections.ts';
import type { AddressedCommand } from '../outcome.ts';
import type { Services } from '../services.ts';
import { releaseOrder } from './order.ts';
import { isElsewhere } from './secret.ts';

/** A device has signed out: with the last one of an account elsewhere, its registration is taken back. */
export const releaseElsewhere = async (
  services: Services,
  added: AddedAccount,
): Promise<readonly AddressedCommand[]> => {
  const { store, clock } = services;
  if (!isElsewhere(added)) return [];
  const stored = await store.registrations.find(added.aor);
  if (stored === undefined || (await store.devices.of(added.aor, clock.now())).length > 0) return [];
  await store.registrations.remove(added.aor, stored.version);
  return [releaseOrder(services, stored.owner, added.aor, false)];
};
