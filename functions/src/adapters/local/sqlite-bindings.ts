import { type ConnectionId, edgeId, type SessionId, sessionId } from '@sylk/protocol/ids.ts';
import type { Binding, Bindings } from '../../ports/bindings.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { attachment, number, type Row, text } from './sqlite-row.ts';

// An id that is barred has a row without a claimant.
const isBound = `claimant <> ''`;

/** Bindings of connections and sessions in SQLite. */
export class SqliteBindings implements Bindings {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async bind({ session, from, owner, claimant, expiresAt }: Binding, at: number): Promise<boolean> {
    const bound = this.#database
      .prepare(
        `INSERT INTO bindings VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET edge = excluded.edge, generation = excluded.generation,
           attachment = excluded.attachment, claimant = excluded.claimant, expires_at = excluded.expires_at
         WHERE expires_at <= ? OR claimant = excluded.claimant OR (
           json_extract(attachment, '$.aor') = json_extract(excluded.attachment, '$.aor')
           AND json_extract(attachment, '$.device') = json_extract(excluded.attachment, '$.device')
           AND json_extract(attachment, '$.epoch') < json_extract(excluded.attachment, '$.epoch'))`,
      )
      .run(from.connection, session, owner.edge, owner.generation, JSON.stringify(from), claimant, expiresAt, at);
    return bound.changes > 0;
  }

  async find(connection: ConnectionId, session: SessionId, at: number): Promise<Binding | undefined> {
    const row = this.#database
      .prepare(`SELECT * FROM bindings WHERE connection = ? AND session = ? AND expires_at > ? AND ${isBound}`)
      .get(connection, session, at);
    return row && toBinding(row);
  }

  async release(connection: ConnectionId, session: SessionId, epoch: number): Promise<void> {
    this.#database
      .prepare(`DELETE FROM bindings WHERE connection = ? AND session = ? AND json_extract(attachment, '$.epoch') <= ?`)
      .run(connection, session, epoch);
  }

  async bar(connection: ConnectionId, session: SessionId, until: number, at: number): Promise<boolean> {
    const barred = this.#database
      .prepare(
        `INSERT INTO bindings VALUES (?, ?, '', 0, '{}', '', ?)
         ON CONFLICT DO UPDATE SET attachment = excluded.attachment, claimant = excluded.claimant,
           expires_at = excluded.expires_at
         WHERE expires_at <= ? OR claimant = ''`,
      )
      .run(connection, session, until, at);
    return barred.changes > 0;
  }

  async of(connection: ConnectionId, at: number): Promise<readonly Binding[]> {
    return this.#database
      .prepare(`SELECT * FROM bindings WHERE connection = ? AND expires_at > ? AND ${isBound}`)
      .all(connection, at)
      .map(toBinding);
  }
}

const toBinding = (row: Row): Binding => ({
  session: sessionId(text(row, 'session')),
  from: attachment(row),
  owner: { edge: edgeId(text(row, 'edge')), generation: number(row, 'generation') },
  claimant: text(row, 'claimant'),
  expiresAt: number(row, 'expires_at'),
});
