import { type Aor, aor } from '@sylk/protocol/ids.ts';
import {
  type ConversationMarks,
  type HistoryEntry,
  type MessageState,
  type Messages,
  messageStates,
} from '../../ports/messages.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, type Row, text, textList, word } from './sqlite-row.ts';

/** Histories in SQLite. */
export class SqliteMessages implements Messages {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async tail(aor: Aor): Promise<number> {
    const row = this.#database
      .prepare('SELECT coalesce(max(seq), 0) AS tail FROM message_places WHERE aor = ?')
      .get(aor);
    return row === undefined ? 0 : number(row, 'tail');
  }

  async claim(entry: HistoryEntry): Promise<HistoryEntry> {
    const { aor, key, seq, id, contact, direction, contentType, content, timestamp, storedAt } = entry;
    const { state = '', disposition } = entry;
    this.#database
      .prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING')
      .run(
        aor,
        key,
        seq,
        id,
        contact,
        direction,
        contentType,
        content,
        timestamp,
        storedAt,
        state,
        rankOf(state),
        JSON.stringify(disposition),
      );
    const row = this.#database.prepare('SELECT * FROM messages WHERE aor = ? AND key = ?').get(aor, key);
    return row === undefined ? entry : toEntry(row);
  }

  async place(aor: Aor, seq: number, key: string): Promise<boolean> {
    this.#database.prepare('INSERT INTO message_places VALUES (?, ?, ?) ON CONFLICT DO NOTHING').run(aor, seq, key);
    const row = this.#database.prepare('SELECT key FROM message_places WHERE aor = ? AND seq = ?').get(aor, seq);
    return row !== undefined && text(row, 'key') === key;
  }

  async move(aor: Aor, key: string, from: number, to: number): Promise<boolean> {
    const change = this.#database.prepare('UPDATE messages SET seq = ? WHERE aor = ? AND key = ? AND seq = ?');
    return change.run(to, aor, key, from).changes > 0;
  }

  async raise(aor: Aor, key: string, state: MessageState, disposition: readonly string[]): Promise<boolean> {
    const change = this.#database.prepare(
      `UPDATE messages SET state = ?, rank = ?, disposition = ?
       WHERE aor = ? AND key = ? AND rank < ? AND is_removed = 0`,
    );
    return change.run(state, rankOf(state), JSON.stringify(disposition), aor, key, rankOf(state)).changes > 0;
  }

  async settle(aor: Aor, key: string, disposition: readonly string[]): Promise<void> {
    this.#database
      .prepare('UPDATE messages SET disposition = ? WHERE aor = ? AND key = ? AND length(disposition) > ?')
      .run(JSON.stringify(disposition), aor, key, JSON.stringify(disposition).length);
  }

  async remove(aor: Aor, key: string): Promise<boolean> {
    const change = this.#database.prepare(
      `UPDATE messages SET content = '', is_removed = 1 WHERE aor = ? AND key = ? AND is_removed = 0`,
    );
    return change.run(aor, key).changes > 0;
  }

  async withId(aor: Aor, id: string): Promise<readonly HistoryEntry[]> {
    return this.#database.prepare('SELECT * FROM messages WHERE aor = ? AND id = ?').all(aor, id).map(toEntry);
  }

  async page(aor: Aor, after: number, limit: number): Promise<readonly HistoryEntry[]> {
    return this.#database
      .prepare(
        `SELECT messages.* FROM message_places JOIN messages USING (aor, key)
         WHERE message_places.aor = ? AND message_places.seq > ? ORDER BY message_places.seq LIMIT ?`,
      )
      .all(aor, after, limit)
      .map(toEntry);
  }

  async marks(aor: Aor): Promise<readonly ConversationMarks[]> {
    return this.#database
      .prepare('SELECT * FROM conversation_marks WHERE aor = ?')
      .all(aor)
      .map((row) => ({
        contact: text(row, 'contact'),
        readUpTo: number(row, 'read_up_to'),
        removedUpTo: number(row, 'removed_up_to'),
      }));
  }

  async raiseMark(aor: Aor, contact: string, mark: 'readUpTo' | 'removedUpTo', seq: number): Promise<void> {
    const [read, removed] = mark === 'readUpTo' ? [seq, 0] : [0, seq];
    this.#database
      .prepare(
        `INSERT INTO conversation_marks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         read_up_to = max(read_up_to, excluded.read_up_to), removed_up_to = max(removed_up_to, excluded.removed_up_to)`,
      )
      .run(aor, contact, read, removed);
  }

  async publicKey(aor: Aor): Promise<string | undefined> {
    const row = this.#database.prepare('SELECT public_key FROM public_keys WHERE aor = ?').get(aor);
    return row && text(row, 'public_key');
  }

  async setPublicKey(aor: Aor, key: string): Promise<void> {
    this.#database
      .prepare('INSERT INTO public_keys VALUES (?, ?) ON CONFLICT DO UPDATE SET public_key = excluded.public_key')
      .run(aor, key);
  }
}

/** What has no state that rises is above all of them. */
const rankOf = (state: string): number => {
  const ranked: readonly string[] = messageStates;
  const rank = ranked.indexOf(state);
  return rank < 0 ? messageStates.length : rank;
};

const entryStates = [...messageStates, 'received'] as const;

const toEntry = (row: Row): HistoryEntry => ({
  aor: aor(text(row, 'aor')),
  key: text(row, 'key'),
  seq: number(row, 'seq'),
  id: text(row, 'id'),
  contact: text(row, 'contact'),
  direction: word(row, 'direction', ['incoming', 'outgoing', '']),
  contentType: text(row, 'content_type'),
  content: text(row, 'content'),
  timestamp: text(row, 'timestamp'),
  storedAt: number(row, 'stored_at'),
  state: text(row, 'state') === '' ? undefined : word(row, 'state', entryStates),
  disposition: textList(row, 'disposition'),
  isRemoved: number(row, 'is_removed') === 1,
});
