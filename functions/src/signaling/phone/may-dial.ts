import type { Aor } from '@sylk/protocol/ids.ts';
import { standingOf } from '../account/standing.ts';
import { ownAor } from '../own-domain.ts';
import type { Services } from '../services.ts';

/** Whether numbers are dialled for an account: nobody may who was not allowed to, as numbers cost money. */
export const mayDial = async (
  { store, clock, domain }: Services,
  address: Aor,
): Promise<{ readonly allowed: boolean }> => {
  const aor = ownAor(domain, address);
  const account = aor === undefined ? undefined : await store.accounts.find(aor);
  const isActive = account !== undefined && standingOf(account, clock.now()) === 'active';
  return { allowed: isActive && account.mayDial === true };
};
