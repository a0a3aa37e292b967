import { type Aor, aor, type ConnectionId, connectionId, deviceId } from '@sylk/protocol/ids.ts';
import type {
  AddedAccount,
  ConnectionRecord,
  Connections,
  ElsewhereSecret,
  OpenConnection,
} from '../../ports/connections.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, optionalText, type Row, text, textList } from './sqlite-row.ts';

/**
 * Connections in SQLite, the accounts of each in rows of their own.
 * A removed account leaves its row behind until the next removal: it tells a repeated request that it was the one.
 */
export class SqliteConnections implements Connections {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async open({ connection, network, openedAt, expiresAt }: OpenConnection): Promise<void> {
    this.#database
      .prepare('INSERT INTO connections VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(connection, network, openedAt, expiresAt);
  }

  async find(connection: ConnectionId, at: number): Promise<ConnectionRecord | undefined> {
    const row = this.#database
      .prepare('SELECT * FROM connections WHERE connection = ? AND expires_at > ?')
      .get(connection, at);
    if (row === undefined) return undefined;
    const accounts = this.#database
      .prepare('SELECT * FROM added_accounts WHERE connection = ? AND removed_by IS NULL')
      .all(connection);
    return {
      connection,
      network: text(row, 'network'),
      openedAt: number(row, 'opened_at'),
      expiresAt: number(row, 'expires_at'),
      accounts: accounts.map(toAddedAccount),
    };
  }

  async addAccount(connection: ConnectionId, account: AddedAccount, limit: number) {
    const inserted = this.#database
      .prepare(
        `INSERT INTO added_accounts
         SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?
         WHERE EXISTS (SELECT 1 FROM connections WHERE connection = ?)
           AND (SELECT count(*) FROM added_accounts WHERE connection = ? AND removed_by IS NULL) < ?
         ON CONFLICT DO UPDATE SET account = excluded.account, device = excluded.device,
           display_name = excluded.display_name, user_agent = excluded.user_agent,
           header_prefixes = excluded.header_prefixes, is_verified = excluded.is_verified,
           added_by = excluded.added_by, elsewhere = excluded.elsewhere, removed_by = NULL
         WHERE removed_by IS NOT NULL`,
      )
      .run(connection, ...addedAccountColumns(account), connection, connection, limit);
    return inserted.changes > 0 ? 'added' : this.#whyNotAdded(connection, account);
  }

  #whyNotAdded(connection: ConnectionId, account: AddedAccount): 'added' | 'present' | 'full' | 'gone' {
    const row = this.#database
      .prepare('SELECT added_by FROM added_accounts WHERE connection = ? AND aor = ? AND removed_by IS NULL')
      .get(connection, account.aor);
    if (row) return text(row, 'added_by') === account.addedBy ? 'added' : 'present';
    const open = this.#database.prepare('SELECT 1 FROM connections WHERE connection = ?').get(connection);
    return open ? 'full' : 'gone';
  }

  async removeAccount(connection: ConnectionId, aor: Aor, transaction: string): Promise<'removed' | 'absent'> {
    const removed = this.#database
      .prepare('UPDATE added_accounts SET removed_by = ? WHERE connection = ? AND aor = ? AND removed_by IS NULL')
      .run(transaction, connection, aor);
    if (removed.changes > 0) {
      this.#database
        .prepare('DELETE FROM added_accounts WHERE connection = ? AND aor <> ? AND removed_by IS NOT NULL')
        .run(connection, aor);
      return 'removed';
    }
    const earlier = this.#database
      .prepare('SELECT 1 FROM added_accounts WHERE connection = ? AND aor = ? AND removed_by = ?')
      .get(connection, aor, transaction);
    return earlier ? 'removed' : 'absent';
  }

  async distrust(connection: ConnectionId, aor: Aor): Promise<void> {
    this.#database
      .prepare('UPDATE added_accounts SET is_verified = 0 WHERE connection = ? AND aor = ?')
      .run(connection, aor);
  }

  async close(connection: ConnectionId): Promise<void> {
    this.#database.prepare('DELETE FROM added_accounts WHERE connection = ?').run(connection);
    this.#database.prepare('DELETE FROM connections WHERE connection = ?').run(connection);
  }

  /** Connections of a former process of this server, dead by now; only a local store can know that. */
  leftovers(): readonly ConnectionId[] {
    return this.#database
      .prepare('SELECT connection FROM connections')
      .all()
      .map((row) => connectionId(text(row, 'connection')));
  }
}

const addedAccountColumns = (added: AddedAccount) => [
  added.aor,
  added.account,
  added.device,
  added.displayName ?? null,
  added.userAgent ?? null,
  JSON.stringify(added.headerPrefixes),
  added.isVerified ? 1 : 0,
  added.addedBy,
  added.elsewhere === undefined ? null : toText(added.elsewhere),
];

const toAddedAccount = (row: Row): AddedAccount => ({
  aor: aor(text(row, 'aor')),
  account: text(row, 'account'),
  device: deviceId(text(row, 'device')),
  displayName: optionalText(row, 'display_name'),
  userAgent: optionalText(row, 'user_agent'),
  headerPrefixes: textList(row, 'header_prefixes'),
  ...(row.elsewhere === null ? {} : { elsewhere: toElsewhere(row) }),
  isVerified: number(row, 'is_verified') === 1,
  addedBy: text(row, 'added_by'),
});

// All three are without spaces.
const toText = ({ secret, credentials, answersChallenges }: ElsewhereSecret): string =>
  `${answersChallenges ? 'answers' : 'silent'} ${credentials} ${secret}`;

const toElsewhere = (row: Row): ElsewhereSecret => {
  const [answers, credentials = '', secret = ''] = text(row, 'elsewhere').split(' ');
  return { secret, credentials, answersChallenges: answers === 'answers' };
};
