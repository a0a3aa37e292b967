import type { Quota, QuotaAnswer, Quotas } from '../../ports/quotas.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number } from './sqlite-row.ts';

/** Counters in SQLite. */
export class SqliteQuotas implements Quotas {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async take({ kind, windowMs, limit }: Quota, key: string, at: number): Promise<QuotaAnswer> {
    const { window, end } = windowOf(windowMs, at);
    const row = this.#database
      .prepare(
        `INSERT INTO quotas SELECT ?, ?, ?, 1, ? WHERE ? > 0
         ON CONFLICT DO UPDATE SET uses = uses + 1 WHERE uses < ?
         RETURNING uses`,
      )
      .get(kind, key, window, end, limit, limit);
    if (row !== undefined && number(row, 'uses') <= limit) return { granted: true };
    return { granted: false, retryAfterMs: end - at };
  }

  async look({ kind, windowMs, limit }: Quota, key: string, at: number): Promise<QuotaAnswer> {
    const { window, end } = windowOf(windowMs, at);
    const row = this.#database
      .prepare('SELECT uses FROM quotas WHERE kind = ? AND key = ? AND window = ?')
      .get(kind, key, window);
    const uses = row === undefined ? 0 : number(row, 'uses');
    return uses < limit ? { granted: true } : { granted: false, retryAfterMs: end - at };
  }
}

const windowOf = (windowMs: number, at: number) => {
  const window = Math.floor(at / windowMs);
  return { window, end: (window + 1) * windowMs };
};
