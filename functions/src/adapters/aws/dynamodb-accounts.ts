import { type Aor, aor } from '@sylk/protocol/ids.ts';
import type { Account, AccountStatus, Accounts } from '../../ports/accounts.ts';
import { type DynamoDbTable, isAbsent } from './dynamodb-table.ts';
import { type Item, number, optionalNumber, text, word } from './item.ts';
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
    const written = await this.#table.putIf(keys.account(account.aor), { ...account }, isAbsent);
    if (written.isDone) return 'created';
    return written.stored?.createdBy?.S === account.createdBy ? 'created' : 'taken';
  }

  async find(aor: Aor): Promise<Account | undefined> {
    const item = await this.#table.get(keys.account(aor));
    return item && toAccount(item);
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

const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

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
});
