import type { Aor } from '@sylk/protocol/ids.ts';
import type { AddedAccount, ConnectionRecord } from '../../ports/connections.ts';
import { accountElsewhere } from '../elsewhere/providers.ts';
import { RequestError } from '../errors.ts';
import { ownAor } from '../own-domain.ts';
import type { Asker, Services } from '../services.ts';

/**
 * The connection that asks.
 *
 * @throws RequestError when its record is over, which only a connection of another age can see
 */
export const askersRecord = async ({ store, clock }: Services, { connection }: Asker): Promise<ConnectionRecord> => {
  return requireOpen(await store.connections.find(connection, clock.now()));
};

/** The same for a record that was read already. */
export const requireOpen = (record: ConnectionRecord | undefined): ConnectionRecord => {
  if (record === undefined) throw new RequestError('connection-over', 'This connection is over, open a new one');
  return record;
};

/** Under which address an account is kept: ours, or one of a provider whose accounts may be used here. */
export const keptAor = ({ domain, settings }: Services, account: string): Aor | undefined =>
  ownAor(domain, account) ?? accountElsewhere(settings.providers, account)?.aor;

/** Finds an account among those added, under any name of our domain. */
export const findAdded = (services: Services, record: ConnectionRecord, account: string): AddedAccount | undefined => {
  const aor = keptAor(services, account);
  return record.accounts.find((added) => added.aor === aor);
};

/**
 * The account that a request names.
 *
 * @param forWhat completes the reference's text, for example ` for register`
 * @throws RequestError when it was not added on this connection
 */
export const requireAdded = async (
  services: Services,
  asker: Asker,
  account: string,
  forWhat = '',
): Promise<AddedAccount> => {
  return addedOn(services, await askersRecord(services, asker), account, forWhat);
};

/** The same for a record that was read already. */
export const addedOn = (services: Services, record: ConnectionRecord, account: string, forWhat = ''): AddedAccount => {
  const added = findAdded(services, record, account);
  if (added === undefined) throw new RequestError('unknown-account', `Unknown account specified${forWhat}: ${account}`);
  return added;
};
