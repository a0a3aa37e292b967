import type { AccountRemove } from '@sylk/protocol/sylkrtc/requests.ts';
import { releaseElsewhere } from '../elsewhere/sign-out.ts';
import { RequestError } from '../errors.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import type { Asker, Services } from '../services.ts';
import { askersRecord, findAdded, keptAor } from './added.ts';

/** `account-remove`: forgets the account on this connection and signs its device out. Its calls go on. */
export const accountRemove = async (services: Services, asker: Asker, request: AccountRemove): Promise<Outcome> => {
  const { store } = services;
  const added = findAdded(services, await askersRecord(services, asker), request.account);
  if (added !== undefined) await store.devices.unregister(added.aor, added.device, asker.connection);
  const aor = keptAor(services, request.account);
  // Asked even for an account that is not there (any more): a repeated request finds that it was the one that removed it.
  const removal = aor && (await store.connections.removeAccount(asker.connection, aor, request.transaction));
  if (removal === 'removed') {
    return { ...acknowledged(request), commands: added === undefined ? [] : await releaseElsewhere(services, added) };
  }
  throw new RequestError('unknown-account', `Unknown account specified for remove: ${request.account}`);
};
