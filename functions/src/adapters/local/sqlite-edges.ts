import type { EdgeLoad } from '@sylk/protocol/edge/reports.ts';
import { type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import type { EdgeGreeting, EdgeRecord, Edges } from '../../ports/edges.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, type Row, text, word } from './sqlite-row.ts';

/** Media edges and their leases in SQLite. */
export class SqliteEdges implements Edges {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async hello({ edge, generation, version, load, renewedAt }: EdgeGreeting): Promise<number> {
    const row = this.#database
      .prepare(
        `INSERT INTO edges VALUES (?, ?, ?, ?, ?, ?, ?, 'alive')
         ON CONFLICT DO UPDATE SET version = excluded.version, calls = excluded.calls, cpu = excluded.cpu,
           is_draining = excluded.is_draining, renewed_at = excluded.renewed_at,
           status = CASE WHEN generation < excluded.generation THEN 'alive' ELSE status END,
           generation = excluded.generation
         WHERE generation <= excluded.generation
         RETURNING generation`,
      )
      .get(edge, generation, version, ...loadColumns(load), renewedAt);
    return row ? number(row, 'generation') : this.#generation(edge);
  }

  #generation(edge: EdgeId): number {
    const row = this.#database.prepare('SELECT generation FROM edges WHERE edge = ?').get(edge);
    if (row === undefined) throw new Error(`edge ${edge} was forgotten while it said hello`);
    return number(row, 'generation');
  }

  async renew(edge: EdgeId, generation: number, load: EdgeLoad, at: number): Promise<boolean> {
    const renewed = this.#database
      .prepare(
        `UPDATE edges SET calls = ?, cpu = ?, is_draining = ?, renewed_at = ?
         WHERE edge = ? AND generation = ? AND status = 'alive'`,
      )
      .run(...loadColumns(load), at, edge, generation);
    return renewed.changes > 0;
  }

  async declareLost(edge: EdgeId, generation: number, renewedBefore: number): Promise<boolean> {
    const lost = this.#database
      .prepare(
        `UPDATE edges SET status = 'lost' WHERE edge = ? AND generation = ? AND status = 'alive' AND renewed_at <= ?`,
      )
      .run(edge, generation, renewedBefore);
    return lost.changes > 0;
  }

  async list(): Promise<readonly EdgeRecord[]> {
    return this.#database.prepare('SELECT * FROM edges ORDER BY edge').all().map(toEdge);
  }

  async forget(edge: EdgeId, generation: number): Promise<void> {
    this.#database
      .prepare(`DELETE FROM edges WHERE edge = ? AND generation = ? AND status = 'lost'`)
      .run(edge, generation);
  }
}

const loadColumns = (load: EdgeLoad) => [load.calls, load.cpu, load.draining ? 1 : 0];

const toEdge = (row: Row): EdgeRecord => ({
  edge: edgeId(text(row, 'edge')),
  generation: number(row, 'generation'),
  version: text(row, 'version'),
  load: { calls: number(row, 'calls'), cpu: number(row, 'cpu'), draining: number(row, 'is_draining') === 1 },
  renewedAt: number(row, 'renewed_at'),
  status: word(row, 'status', ['alive', 'lost']),
});
