import { type Aor, aor } from '@sylk/protocol/ids.ts';
import { sipIdentity } from '@sylk/protocol/sylkrtc/parts.ts';
import type { MarkMove, MissedCall, MissedCalls } from '../../ports/missed-calls.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, type Row, text } from './sqlite-row.ts';

/** Missed calls in SQLite. */
export class SqliteMissedCalls implements MissedCalls {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async append({ aor, seq, report, originator, at }: MissedCall): Promise<boolean> {
    this.#database
      .prepare('INSERT INTO missed_calls VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(aor, seq, report, JSON.stringify(originator), at);
    const row = this.#database.prepare('SELECT report FROM missed_calls WHERE aor = ? AND seq = ?').get(aor, seq);
    return row !== undefined && text(row, 'report') === report;
  }

  async newest(aor: Aor, limit: number): Promise<readonly MissedCall[]> {
    return this.#database
      .prepare('SELECT * FROM missed_calls WHERE aor = ? ORDER BY seq DESC LIMIT ?')
      .all(aor, limit)
      .map(toMissedCall);
  }

  async drop(aor: Aor, seq: number): Promise<void> {
    this.#database.prepare('DELETE FROM missed_calls WHERE aor = ? AND seq = ?').run(aor, seq);
  }

  async toldUpTo(aor: Aor, reader: string, at: number): Promise<number | undefined> {
    const row = this.#database
      .prepare('SELECT seq FROM missed_call_marks WHERE aor = ? AND reader = ? AND expires_at > ?')
      .get(aor, reader, at);
    return row && number(row, 'seq');
  }

  async moveMark({ aor, reader, from, to, expiresAt }: MarkMove, at: number): Promise<boolean> {
    const moved = this.#database
      .prepare(
        `INSERT INTO missed_call_marks SELECT ?, ?, ?, ?
         WHERE ? IS NULL OR EXISTS (SELECT 1 FROM missed_call_marks WHERE aor = ? AND reader = ?)
         ON CONFLICT DO UPDATE SET seq = excluded.seq, expires_at = excluded.expires_at
         WHERE CASE WHEN expires_at > ? THEN seq IS ? ELSE ? IS NULL END`,
      )
      .run(aor, reader, to, expiresAt, from ?? null, aor, reader, at, from ?? null, from ?? null);
    return moved.changes > 0;
  }
}

const toMissedCall = (row: Row): MissedCall => ({
  aor: aor(text(row, 'aor')),
  seq: number(row, 'seq'),
  report: text(row, 'report'),
  originator: sipIdentity.parse(JSON.parse(text(row, 'originator'))),
  at: number(row, 'at'),
});
