import { type Aor, aor } from '@sylk/protocol/ids.ts';
import {
  type ConversationMarks,
  type HistoryEntry,
  type Meant,
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
    this.#insert(entry);
    return (await this.find(entry.aor, entry.id)) ?? entry;
  }

  async place(aor: Aor, seq: number, id: string): Promise<boolean> {
    this.#take(aor, seq, id);
    const row = this.#database.prepare('SELECT id FROM message_places WHERE aor = ? AND seq = ?').get(aor, seq);
    return row !== undefined && text(row, 'id') === id;
  }

  async append(entry: HistoryEntry): Promise<boolean> {
    return this.#database.transact(() => {
      const isFree = this.#take(entry.aor, entry.seq, entry.id);
      if (isFree) this.#insert(entry);
      return isFree;
    });
  }

  async move(aor: Aor, id: string, from: number, to: number): Promise<boolean> {
    const change = this.#database.prepare('UPDATE messages SET seq = ? WHERE aor = ? AND id = ? AND seq = ?');
    return change.run(to, aor, id, from).changes > 0;
  }

  async raise(aor: Aor, meant: Meant, state: MessageState, disposition: readonly string[]): Promise<boolean> {
    const { id, direction, contact } = meant;
    const change = this.#database.prepare(
      `UPDATE messages SET state = ?, rank = ?, disposition = ?
       WHERE aor = ? AND id = ? AND direction = ? AND contact = ? AND rank < ? AND is_removed = 0`,
    );
    const wanted = JSON.stringify(disposition);
    return change.run(state, rankOf(state), wanted, aor, id, direction, contact, rankOf(state)).changes > 0;
  }

  async settle(aor: Aor, { id, direction, contact }: Meant, disposition: readonly string[]): Promise<void> {
    const wanted = JSON.stringify(disposition);
    this.#database
      .prepare(
        `UPDATE messages SET disposition = ?
         WHERE aor = ? AND id = ? AND direction = ? AND contact = ? AND length(disposition) > ?`,
      )
      .run(wanted, aor, id, direction, contact, wanted.length);
  }

  async remove(aor: Aor, { id, direction, contact }: Meant): Promise<boolean> {
    const change = this.#database.prepare(
      `UPDATE messages SET content = '', is_removed = 1
       WHERE aor = ? AND id = ? AND direction = ? AND contact = ? AND is_removed = 0`,
    );
    return change.run(aor, id, direction, contact).changes > 0;
  }

  async find(aor: Aor, id: string): Promise<HistoryEntry | undefined> {
    const row = this.#database.prepare('SELECT * FROM messages WHERE aor = ? AND id = ?').get(aor, id);
    return row && toEntry(row);
  }

  async page(aor: Aor, after: number, limit: number): Promise<readonly HistoryEntry[]> {
    return this.#database
      .prepare(
        `SELECT messages.* FROM message_places JOIN messages USING (aor, id)
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

  #insert(entry: HistoryEntry): void {
    const { aor, seq, id, contact, direction, contentType, content, timestamp, storedAt, disposition } = entry;
    const { state = '' } = entry;
    const columns = [aor, id, seq, contact, direction, contentType, content, timestamp, storedAt, state] as const;
    this.#database
      .prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING')
      .run(...columns, rankOf(state), JSON.stringify(disposition));
  }

  /** @returns whether the place was free */
  #take(aor: Aor, seq: number, id: string): boolean {
    const insert = this.#database.prepare('INSERT INTO message_places VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    return insert.run(aor, seq, id).changes > 0;
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
