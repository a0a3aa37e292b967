import type { Aor } from '@sylk/protocol/ids.ts';
import { requireGranted } from '../quota.ts';
import type { Services } from '../services.ts';

/**
 * A transfer makes the account call somebody, and counts like any other call of it.
 *
 * @throws RequestError when it has called too often
 */
export const countTransfer = async (services: Services, aor: Aor): Promise<void> => {
  const { store, clock, settings } = services;
  const quota = { kind: 'calls', windowMs: 60_000, limit: settings.callsPerMinute };
  const use = await store.accounts.countUse(aor, quota, clock.now());
  // Accounts elsewhere are not in our list: their provider counts.
  if (use !== undefined) requireGranted(services, quota, use.answer, 'calls');
};
