import { type Aor, aor, type ConnectionId, deviceId } from '@sylk/protocol/ids.ts';
import type { AddedAccount, ConnectionRecord, Connections, OpenConnection } from '../../ports/connections.ts';
import { type DynamoDbTable, isAbsent } from './dynamodb-table.ts';
import { flag, type Item, number, optionalText, parts, text, textList } from './item.ts';
import { keys, ttlOf } from './table.ts';

/**
 * Connections in DynamoDB, each with its accounts in one item.
 * The last removal leaves the account's name and its transaction: a repeated request finds that it was the one.
 */
export class DynamoDbConnections implements Connections {
  readonly #table: DynamoDbTable;

  constructor(table: DynamoDbTable) {
    this.#table = table;
  }

  async open({ connection, network, openedAt, expiresAt }: OpenConnection): Promise<void> {
    const values = { network, openedAt, expiresAt, ttl: ttlOf(expiresAt), accounts: {} };
    await this.#table.putIf(keys.connection(connection), values, isAbsent);
  }

  async find(connection: ConnectionId, at: number): Promise<ConnectionRecord | undefined> {
    const item = await this.#table.get(keys.connection(connection));
    return item && toConnection(connection, item, at);
  }

  async addAccount(
    connection: ConnectionId,
    account: AddedAccount,
    limit: number,
  ): Promise<'added' | 'present' | 'full' | 'gone'> {
    const written = await this.#table.updateIf(keys.connection(connection), {
      update: 'SET #accounts.#added = :account',
      condition: 'attribute_exists(#pk) AND attribute_not_exists(#accounts.#added) AND size(#accounts) < :limit',
      names: { added: account.aor },
      values: { account: toValues(account), limit },
    });
    if (written.isDone) return 'added';
    if (written.stored === undefined) return 'gone';
    const present = accountsOf(written.stored).find((added) => added.aor === account.aor);
    if (present === undefined) return 'full';
    return present.addedBy === account.addedBy ? 'added' : 'present';
  }

  async removeAccount(connection: ConnectionId, aor: Aor, transaction: string): Promise<'removed' | 'absent'> {
    const written = await this.#table.updateIf(keys.connection(connection), {
      update: 'REMOVE #accounts.#added SET #removed = :aor, #removedBy = :transaction',
      condition: 'attribute_exists(#accounts.#added)',
      names: { added: aor },
      values: { aor, transaction },
    });
    if (written.isDone) return 'removed';
    const last = written.stored;
    const isOwn = last?.removed?.S === aor && last.removedBy?.S === transaction;
    return isOwn ? 'removed' : 'absent';
  }

  async distrust(connection: ConnectionId, aor: Aor): Promise<void> {
    await this.#table.updateIf(keys.connection(connection), {
      update: 'SET #accounts.#added.#isVerified = :no',
      condition: 'attribute_exists(#accounts.#added)',
      names: { added: aor },
      values: { no: false },
    });
  }

  async close(connection: ConnectionId): Promise<void> {
    await this.#table.delete(keys.connection(connection));
  }
}

const toConnection = (connection: ConnectionId, item: Item, at: number): ConnectionRecord | undefined => {
  const expiresAt = number(item, 'expiresAt');
  if (expiresAt <= at) return undefined;
  const network = text(item, 'network');
  return { connection, network, openedAt: number(item, 'openedAt'), expiresAt, accounts: accountsOf(item) };
};

const accountsOf = (item: Item): readonly AddedAccount[] => parts(item, 'accounts').map(toAddedAccount);

const toAddedAccount = (item: Item): AddedAccount => ({
  aor: aor(text(item, 'aor')),
  account: text(item, 'account'),
  device: deviceId(text(item, 'device')),
  displayName: optionalText(item, 'displayName'),
  userAgent: optionalText(item, 'userAgent'),
  headerPrefixes: textList(item, 'headerPrefixes'),
  ...toElsewhere(item),
  isVerified: flag(item, 'isVerified'),
  addedBy: text(item, 'addedBy'),
});

const toValues = ({ elsewhere, ...account }: AddedAccount) => ({
  ...account,
  ...(elsewhere === undefined ? {} : { elsewhere: { ...elsewhere } }),
});

const toElsewhere = (item: Item): Pick<AddedAccount, 'elsewhere'> => {
  const secret = item.elsewhere?.M;
  if (secret === undefined) return {};
  return {
    elsewhere: {
      secret: text(secret, 'secret'),
      credentials: text(secret, 'credentials'),
      answersChallenges: flag(secret, 'answersChallenges'),
    },
  };
};
