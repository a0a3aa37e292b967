import { type Aor, aor } from '@sylk/protocol/ids.ts';
import type {
  Account,
  AccountStatus,
  Accounts,
  AccountWithDevices,
  ContactPolicy,
  CountedUse,
  HistoryToken,
} from '../../ports/accounts.ts';
import type { Devices } from '../../ports/devices.ts';
import type { Messages } from '../../ports/messages.ts';
import type { Phones } from '../../ports/phones.ts';
import type { Quota, Quotas } from '../../ports/quotas.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, optionalNumber, optionalText, type Row, text, textList, word } from './sqlite-row.ts';

/** Other parts of the same store. */
interface Beside {
  readonly devices: Devices;
  readonly messages: Messages;
  readonly phones: Phones;
  readonly quotas: Quotas;
}

/** Addresses in SQLite; rows are never deleted, so that no name is given out twice. */
export class SqliteAccounts implements Accounts {
  readonly #database: SqliteHandle;
  readonly #devices: Devices;
  readonly #messages: Messages;
  readonly #phones: Phones;
  readonly #quotas: Quotas;

  constructor(database: SqliteHandle, { devices, messages, phones, quotas }: Beside) {
    this.#database = database;
    this.#devices = devices;
    this.#messages = messages;
    this.#phones = phones;
    this.#quotas = quotas;
  }

  async create(account: Account): Promise<'created' | 'taken'> {
    const { aor, displayName, ha1Md5, ha1Sha256, lifetime, createdAt, expiresAt, status, createdBy } = account;
    this.#database
      .prepare(
        "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '[]', '[]', NULL, NULL) ON CONFLICT DO NOTHING",
      )
      .run(aor, displayName, ha1Md5, ha1Sha256, lifetime, createdAt, expiresAt ?? null, status, createdBy);
    const stored = await this.find(aor);
    return stored?.createdBy === createdBy ? 'created' : 'taken';
  }

  async find(aor: Aor): Promise<Account | undefined> {
    const row = this.#database.prepare('SELECT * FROM accounts WHERE aor = ?').get(aor);
    return row && toAccount(row);
  }

  async findWithDevices(aor: Aor, at: number): Promise<AccountWithDevices> {
    const [devices, phones] = [await this.#devices.of(aor, at), await this.#phones.of(aor, at)];
    return { account: await this.find(aor), devices, phones };
  }

  async findWithDevicesAndTail(aor: Aor, at: number): Promise<AccountWithDevices & { readonly tail: number }> {
    return { ...(await this.findWithDevices(aor, at)), tail: await this.#messages.tail(aor) };
  }

  async countUse(aor: Aor, quota: Quota, at: number): Promise<CountedUse | undefined> {
    const account = await this.find(aor);
    return account && { account, answer: await this.#quotas.take(quota, aor, at) };
  }

  async renew(aor: Aor, expiresAt: number, at: number): Promise<boolean> {
    this.#database
      .prepare('UPDATE accounts SET expires_at = ? WHERE aor = ? AND status <> ? AND expires_at > ? AND expires_at < ?')
      .run(expiresAt, aor, 'removed', at, expiresAt);
    const stored = await this.find(aor);
    return stored?.status !== 'removed' && stored?.expiresAt !== undefined && stored.expiresAt >= expiresAt;
  }

  async setStatus(aor: Aor, status: AccountStatus): Promise<boolean> {
    this.#database.prepare('UPDATE accounts SET status = ? WHERE aor = ? AND status <> ?').run(status, aor, 'removed');
    return (await this.find(aor))?.status === status;
  }

  async setMayDial(aor: Aor, mayDial: boolean): Promise<boolean> {
    this.#database.prepare('UPDATE accounts SET may_dial = ? WHERE aor = ?').run(mayDial ? 1 : 0, aor);
    return (await this.find(aor)) !== undefined;
  }

  async setContact(
    aor: Aor,
    contact: string,
    policy: ContactPolicy,
    most: number,
  ): Promise<'done' | 'full' | 'unknown'> {
    return this.#database.transact(() => {
      const row = this.#database.prepare('SELECT blocked, allowed FROM accounts WHERE aor = ?').get(aor);
      if (row === undefined) return 'unknown';
      const [blocked, allowed] = [without(row, 'blocked', contact), without(row, 'allowed', contact)];
      const list = policy === 'blocked' ? blocked : allowed;
      if (list.length < most) list.push(contact);
      else if (policy === 'blocked') return 'full';
      this.#database
        .prepare('UPDATE accounts SET blocked = ?, allowed = ? WHERE aor = ?')
        .run(JSON.stringify(blocked.toSorted()), JSON.stringify(allowed.toSorted()), aor);
      return 'done';
    });
  }

  async setHistoryToken(aor: Aor, { hash, expiresAt }: HistoryToken): Promise<boolean> {
    this.#database
      .prepare('UPDATE accounts SET history_token = ?, history_token_expires_at = ? WHERE aor = ?')
      .run(hash, expiresAt, aor);
    return (await this.find(aor)) !== undefined;
  }

  async list(after: string, limit: number): Promise<readonly Account[]> {
    return this.#database
      .prepare('SELECT * FROM accounts WHERE aor > ? ORDER BY aor LIMIT ?')
      .all(after, limit)
      .map(toAccount);
  }
}

const without = (row: Row, list: ContactPolicy, contact: string): string[] =>
  textList(row, list).filter((one) => one !== contact);

/** Only lists that somebody is in. */
const contactsIn = (row: Row): Pick<Account, ContactPolicy> => {
  const [blocked, allowed] = [textList(row, 'blocked'), textList(row, 'allowed')];
  return { ...(blocked.length > 0 && { blocked }), ...(allowed.length > 0 && { allowed }) };
};

const historyTokenIn = (row: Row): Pick<Account, 'historyToken'> => {
  const [hash, expiresAt] = [optionalText(row, 'history_token'), optionalNumber(row, 'history_token_expires_at')];
  return hash === undefined || expiresAt === undefined ? {} : { historyToken: { hash, expiresAt } };
};

const toAccount = (row: Row): Account => ({
  aor: aor(text(row, 'aor')),
  displayName: text(row, 'display_name'),
  ha1Md5: text(row, 'ha1_md5'),
  ha1Sha256: text(row, 'ha1_sha256'),
  lifetime: word(row, 'lifetime', ['temporary', 'permanent']),
  createdAt: number(row, 'created_at'),
  expiresAt: optionalNumber(row, 'expires_at'),
  status: word(row, 'status', ['active', 'blocked', 'removed']),
  createdBy: text(row, 'created_by'),
  ...(number(row, 'may_dial') === 1 ? { mayDial: true } : {}),
  ...contactsIn(row),
  ...historyTokenIn(row),
});
