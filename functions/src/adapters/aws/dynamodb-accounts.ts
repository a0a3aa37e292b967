import { randomUUID } from 'node:crypto';
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
import type { Quota, QuotaAnswer } from '../../ports/quotas.ts';
import { devicesIn } from './dynamodb-devices.ts';
import { isPlace, placeIn, tailOf } from './dynamodb-messages.ts';
import { phonesIn } from './dynamodb-phones.ts';
import { windowOf } from './dynamodb-quotas.ts';
import { type DynamoDbTable, isAbsent, type Written } from './dynamodb-table.ts';
import { flag, type Item, number, optionalNumber, optionalText, text, textSet, word } from './item.ts';
import { directoryShards, keys } from './table.ts';

/**
 * Addresses in DynamoDB; items are never deleted, so that no name is given out twice.
 * A list of their names lies beside them in a few partitions: an account is written there first, so that a crash
 * leaves a name without an account, which the list leaves out, and never an account that is not listed.
 */
export class DynamoDbAccounts implements Accounts {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async create(account: Account): Promise<'created' | 'taken'> {
    await this.#table.put(keys.listedAccount(account.aor), {});
    const { blocked: _blocked, allowed: _allowed, historyToken: _token, ...values } = account;
    const written = await this.#table.putIf(keys.account(account.aor), values, isAbsent);
    if (written.isDone) return 'created';
    return written.stored?.createdBy?.S === account.createdBy ? 'created' : 'taken';
  }

  async find(aor: Aor): Promise<Account | undefined> {
    const item = await this.#table.get(keys.account(aor));
    return item && toAccount(item);
  }

  async findWithDevices(aor: Aor, at: number): Promise<AccountWithDevices> {
    const { pk } = keys.account(aor);
    const { sk: lastPlace } = keys.messagePlace(aor, Number.MAX_SAFE_INTEGER);
    const values = { pk, lastPlace };
    return withDevices(aor, await this.#table.query({ condition: '#pk = :pk AND #sk > :lastPlace', values }), at);
  }

  async findWithDevicesAndTail(aor: Aor, at: number): Promise<AccountWithDevices & { readonly tail: number }> {
    // Backwards all else comes first, then the places, the last one first.
    const { pk } = keys.account(aor);
    const items = await this.#table.query({
      condition: '#pk = :pk',
      values: { pk },
      limit: mostlyEnough,
      isBackwards: true,
    });
    const place = items.find(isPlace);
    if (place !== undefined || items.length < mostlyEnough)
      return { ...withDevices(aor, items.toReversed(), at), tail: place === undefined ? 0 : placeIn(place) };
    const [found, tail] = await Promise.all([this.findWithDevices(aor, at), tailOf(this.#table, aor)]);
    return { ...found, tail };
  }

  async countUse(aor: Aor, { windowMs, limit }: Quota, at: number): Promise<CountedUse | undefined> {
    const { window, end } = windowOf(windowMs, at);
    const refused: QuotaAnswer = { granted: false, retryAfterMs: end - at };
    if (limit <= 0) return this.#refuse(aor, refused);
    // Names this call, so that it counts once when its answer was lost.
    const values = { one: 1, limit, usedBy: randomUUID() };
    // Most accounts are used less than once in a window: its first use is tried first.
    const first = await this.#table.updateIf(keys.account(aor), {
      update: 'SET #usesWindow = :window, #uses = :one, #usedBy = :usedBy',
      condition: 'attribute_exists(#pk) AND (attribute_not_exists(#usesWindow) OR #usesWindow < :window)',
      values: { one: values.one, usedBy: values.usedBy, window },
    });
    const stored = first.isDone ? first.before : first.stored;
    if (stored === undefined) return undefined;
    const isGranted = isCounted(first, values.usedBy) || (await this.#countAgain(aor, values));
    return { account: toAccount(stored), answer: isGranted ? { granted: true } : refused };
  }

  async #refuse(aor: Aor, answer: QuotaAnswer): Promise<CountedUse | undefined> {
    const account = await this.find(aor);
    return account && { account, answer };
  }

  async #countAgain(aor: Aor, values: { one: number; limit: number; usedBy: string }): Promise<boolean> {
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'ADD #uses :one SET #usedBy = :usedBy',
      condition: '#uses < :limit AND #usedBy <> :usedBy',
      values,
    });
    return isCounted(written, values.usedBy);
  }

  async renew(aor: Aor, expiresAt: number, at: number): Promise<boolean> {
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'SET #expiresAt = :expiresAt',
      condition: '#status <> :removed AND #expiresAt > :at AND #expiresAt < :expiresAt',
      values: { expiresAt, at, removed: 'removed' },
    });
    if (written.isDone) return true;
    const account = written.stored && toAccount(written.stored);
    return account?.status !== 'removed' && account?.expiresAt !== undefined && account.expiresAt >= expiresAt;
  }

  async setStatus(aor: Aor, status: AccountStatus): Promise<boolean> {
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'SET #status = :status',
      condition: 'attribute_exists(#pk) AND #status <> :removed',
      values: { status, removed: 'removed' },
    });
    return written.isDone || (written.stored && toAccount(written.stored).status) === status;
  }

  async setMayDial(aor: Aor, mayDial: boolean): Promise<boolean> {
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'SET #mayDial = :mayDial',
      condition: 'attribute_exists(#pk)',
      values: { mayDial },
    });
    return written.isDone;
  }

  async setContact(
    aor: Aor,
    contact: string,
    policy: ContactPolicy,
    most: number,
  ): Promise<'done' | 'full' | 'unknown'> {
    const other = policy === 'blocked' ? 'allowed' : 'blocked';
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'ADD #list :contacts DELETE #other :contacts',
      condition:
        'attribute_exists(#pk) AND (attribute_not_exists(#list) OR size(#list) < :most OR contains(#list, :contact))',
      values: { contacts: new Set([contact]), contact, most },
      names: { list: policy, other },
    });
    if (written.isDone) return 'done';
    if (written.stored === undefined) return 'unknown';
    return policy === 'blocked' ? 'full' : this.#unblock(aor, contact);
  }

  async #unblock(aor: Aor, contact: string): Promise<'done' | 'unknown'> {
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'DELETE #blocked :contacts',
      condition: 'attribute_exists(#pk)',
      values: { contacts: new Set([contact]) },
    });
    return written.isDone ? 'done' : 'unknown';
  }

  async setHistoryToken(aor: Aor, { hash, expiresAt }: HistoryToken): Promise<boolean> {
    const written = await this.#table.updateIf(keys.account(aor), {
      update: 'SET #historyToken = :hash, #historyTokenExpiresAt = :expiresAt',
      condition: 'attribute_exists(#pk)',
      values: { hash, expiresAt },
    });
    return written.isDone;
  }

  async list(after: string, limit: number): Promise<readonly Account[]> {
    const found: Account[] = [];
    for (let from = after; found.length < limit; ) {
      const names = await this.#names(from, limit - found.length);
      const last = names.at(-1);
      if (last === undefined) break;
      found.push(...(await this.#accountsOf(names)));
      from = last;
    }
    return found;
  }

  async #names(after: string, limit: number): Promise<readonly Aor[]> {
    // A sort key is never empty, and neither may be what it is compared with.
    const values = after === '' ? {} : { after };
    const condition = after === '' ? '#pk = :pk' : '#pk = :pk AND #sk > :after';
    const shards = await Promise.all(
      directoryShards.map((pk) => this.#table.query({ condition, values: { ...values, pk }, limit })),
    );
    const names = shards.flat().map((item) => text(item, 'sk'));
    return names.toSorted(compare).slice(0, limit).map(aor);
  }

  async #accountsOf(names: readonly Aor[]): Promise<readonly Account[]> {
    const items = await this.#table.getAll(names.map(keys.account));
    return items.map(toAccount).toSorted((one, other) => compare(one.aor, other.aor));
  }
}

const isCounted = (written: Written, usedBy: string): boolean => written.isDone || written.stored?.usedBy?.S === usedBy;

const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Only lists that somebody is in. */
const contactsIn = (item: Item): Pick<Account, ContactPolicy> => {
  const [blocked, allowed] = [textSet(item, 'blocked'), textSet(item, 'allowed')];
  return { ...(blocked.length > 0 && { blocked }), ...(allowed.length > 0 && { allowed }) };
};

const historyTokenIn = (item: Item): Pick<Account, 'historyToken'> => {
  const [hash, expiresAt] = [optionalText(item, 'historyToken'), optionalNumber(item, 'historyTokenExpiresAt')];
  return hash === undefined || expiresAt === undefined ? {} : { historyToken: { hash, expiresAt } };
};

/** Items of an account that are read to find its last place as well: few accounts have as many devices. */
const mostlyEnough = 16;

const withDevices = (aor: Aor, items: readonly Item[], at: number): AccountWithDevices => {
  const { sk } = keys.account(aor);
  const own = items.find((item) => item.sk?.S === sk);
  return { account: own && toAccount(own), devices: devicesIn(items, at), phones: phonesIn(items, at) };
};

const toAccount = (item: Item): Account => ({
  aor: aor(text(item, 'aor')),
  displayName: text(item, 'displayName'),
  ha1Md5: text(item, 'ha1Md5'),
  ha1Sha256: text(item, 'ha1Sha256'),
  lifetime: word(item, 'lifetime', ['temporary', 'permanent']),
  createdAt: number(item, 'createdAt'),
  expiresAt: optionalNumber(item, 'expiresAt'),
  status: word(item, 'status', ['active', 'blocked', 'removed']),
  createdBy: text(item, 'createdBy'),
  ...(flag(item, 'mayDial') ? { mayDial: true } : {}),
  ...contactsIn(item),
  ...historyTokenIn(item),
});
