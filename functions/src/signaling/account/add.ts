import { type Aor, deviceId } from '@sylk/protocol/ids.ts';
import { maxAccountsPerConnection } from '@sylk/protocol/limits.ts';
import { domainOf } from '@sylk/protocol/sip-address.ts';
import type { AccountAdd } from '@sylk/protocol/sylkrtc/requests.ts';
import type { AddedAccount, ConnectionRecord } from '../../ports/connections.ts';
import { accountElsewhere } from '../elsewhere/providers.ts';
import { sealPassword } from '../elsewhere/secret.ts';
import { RequestError } from '../errors.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import { ownAor } from '../own-domain.ts';
import { quotaReached } from '../quota.ts';
import type { Asker, Services } from '../services.ts';
import { askersRecord, keptAor } from './added.ts';
import { type SignIn, signIn, waitForPasswords } from './sign-in.ts';

/** `account-add`: remembers the account on this connection, and whether the password is right; it says nothing about that yet. */
export const accountAdd = async (services: Services, asker: Asker, request: AccountAdd): Promise<Outcome> => {
  const record = await askersRecord(services, asker);
  const aor = keptAor(services, request.account);
  const present = record.accounts.find((added) => added.aor === aor);
  if (present?.addedBy === request.transaction) return acknowledged(request);
  if (present !== undefined) throw alreadyAdded(request);
  if (aor === undefined) {
    throw new RequestError('domain-not-allowed', `SIP domain not allowed: ${domainOf(request.account)}`);
  }
  await store(services, asker, request, await toAdded(services, record, request, aor));
  return acknowledged(request);
};

const store = async (
  { store }: Services,
  { connection }: Asker,
  request: AccountAdd,
  added: AddedAccount,
): Promise<void> => {
  switch (await store.connections.addAccount(connection, added, maxAccountsPerConnection)) {
    case 'added':
      return;
    case 'present':
      throw alreadyAdded(request);
    case 'full':
      throw new RequestError(
        'account-limit',
        `Too many accounts on this connection, at most ${maxAccountsPerConnection} are allowed`,
      );
    case 'gone':
      throw new RequestError('connection-over', 'This connection is over, open a new one');
  }
};

const toAdded = async (
  services: Services,
  record: ConnectionRecord,
  request: AccountAdd,
  aor: Aor,
): Promise<AddedAccount> => ({
  aor,
  account: request.account,
  device: deviceId(request.device ?? record.connection),
  displayName: request.display_name ?? undefined,
  userAgent: request.user_agent ?? undefined,
  headerPrefixes: request.incoming_header_prefixes ?? [],
  ...(await standing(services, request, { aor, password: request.password, network: record.network })),
  addedBy: request.transaction,
});

/** Whether the password is right: at our domain that shows now, elsewhere once the account is registered. */
const standing = async (
  services: Services,
  request: AccountAdd,
  attempt: SignIn,
): Promise<Pick<AddedAccount, 'isVerified' | 'elsewhere'>> => {
  const elsewhere = ownAor(services.domain, request.account)
    ? undefined
    : accountElsewhere(services.settings.providers, request.account);
  if (elsewhere === undefined) return { isVerified: await isVerified(services, attempt) };
  const retryAfterMs = await waitForPasswords(services, attempt);
  if (retryAfterMs > 0) throw quotaReached('sign-ins', retryAfterMs);
  const sealed = await sealPassword(services, elsewhere, attempt.password);
  return { isVerified: false, elsewhere: { ...sealed, answersChallenges: request.challenges ?? false } };
};

const isVerified = async (services: Services, attempt: SignIn): Promise<boolean> => {
  const result = await signIn(services, attempt);
  if (result.status === 'refused') throw quotaReached('sign-ins', result.retryAfterMs);
  return result.status === 'right';
};

const alreadyAdded = ({ account }: AccountAdd) =>
  new RequestError('account-present', `Account ${account} already added`);
