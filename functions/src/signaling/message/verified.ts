import type { AddedAccount } from '../../ports/connections.ts';
import { requireAdded } from '../account/added.ts';
import { provenRegistration } from '../elsewhere/line.ts';
import { isElsewhere } from '../elsewhere/secret.ts';
import { RequestError } from '../errors.ts';
import type { Asker, Services } from '../services.ts';

/**
 * The account that a request names, if its password was shown: to us, or to the provider of an account elsewhere.
 *
 * @throws RequestError
 */
export const requireVerified = async (services: Services, asker: Asker, account: string): Promise<AddedAccount> => {
  const added = await requireAdded(services, asker, account);
  const isVerified = isElsewhere(added) ? (await provenRegistration(services, added)) !== undefined : added.isVerified;
  if (!isVerified) throw new RequestError('not-authenticated', 'Account not authenticated');
  return added;
};
