import { type DigestKey, ha1Of } from '@sylk/protocol/digest-claim.ts';
import { digestKey } from '@sylk/protocol/edge/elsewhere.ts';
import type { Aor } from '@sylk/protocol/ids.ts';
import { parseJson } from '@sylk/protocol/json.ts';
import type { AddedAccount, ElsewhereSecret } from '../../ports/connections.ts';
import type { Services } from '../services.ts';
import type { AccountElsewhere } from './providers.ts';

/**
 * What is kept of a password for an account elsewhere. Clients send HA1 for the realm of the account's own domain;
 * one that sends the password itself gets both hashes of it.
 */
export const sealPassword = async (
  { vault, crypto }: Services,
  { aor, user, domain }: AccountElsewhere,
  password: string,
): Promise<Pick<ElsewhereSecret, 'secret' | 'credentials'>> => {
  const key = { username: user, realm: domain };
  const isHa1 = /^[\da-f]{32}$/i.test(password);
  const md5 = isHa1 ? password.toLowerCase() : ha1Of(crypto.md5, user, domain, password);
  const keys: DigestKey[] = [{ ...key, algorithm: 'MD5', ha1: md5 }];
  if (!isHa1) keys.push({ ...key, algorithm: 'SHA-256', ha1: ha1Of(crypto.sha256, user, domain, password) });
  return { secret: await vault.seal(JSON.stringify(keys), aor), credentials: await vault.nameOf(`${aor} ${md5}`) };
};

export const openKeys = async ({ vault }: Services, aor: Aor, secret: string): Promise<readonly DigestKey[]> =>
  digestKey.array().parse(parseJson(await vault.open(secret, aor)));

/** Adds a key, in the place of one for the same realm and hash. */
export const withKey = async (services: Services, aor: Aor, secret: string, key: DigestKey): Promise<string> => {
  const keys = await openKeys(services, aor, secret);
  const others = keys.filter(({ realm, algorithm }) => realm !== key.realm || algorithm !== key.algorithm);
  return services.vault.seal(JSON.stringify([...others, key]), aor);
};

/** An account elsewhere that was added on a connection. */
export type AddedElsewhere = AddedAccount & { readonly elsewhere: ElsewhereSecret };

export const isElsewhere = (added: AddedAccount): added is AddedElsewhere => added.elsewhere !== undefined;
