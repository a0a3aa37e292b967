import type { EdgeLoad } from '@sylk/protocol/edge/reports.ts';
import { type ConnectionId, type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import { maxEdgeSockets } from '@sylk/protocol/limits.ts';
import type { EdgeGreeting, EdgeRecord, Edges } from '../../ports/edges.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, type Row, text, word } from './sqlite-row.ts';

/** Media edges and their leases in SQLite. */
export class SqliteEdges implements Edges {
  readonly #database: SqliteHandle;
  /** They end with this process, and so does what is known of them. */
  readonly #sockets = new Map<EdgeId, { readonly generation: number; readonly list: readonly ConnectionId[] }>();

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

  async addSocket(edge: EdgeId, generation: number, socket: ConnectionId): Promise<boolean> {
    const record = (await this.list()).find((one) => one.edge === edge);
    if (record?.generation !== generation) return false;
    const others = record.sockets.filter((other) => other !== socket);
    this.#sockets.set(edge, { generation, list: [...others, socket].slice(-maxEdgeSockets) });
    return true;
  }

  async removeSocket(edge: EdgeId, socket: ConnectionId): Promise<readonly ConnectionId[]> {
    const known = this.#sockets.get(edge);
    if (known === undefined) return [];
    const list = known.list.filter((other) => other !== socket);
    this.#sockets.set(edge, { ...known, list });
    return list;
  }

  async list(): Promise<readonly EdgeRecord[]> {
    const rows = this.#database.prepare('SELECT * FROM edges ORDER BY edge').all();
    return rows.map((row) => ({ ...toEdge(row), sockets: this.#socketsOf(row) }));
  }

  #socketsOf(row: Row): readonly ConnectionId[] {
    const known = this.#sockets.get(edgeId(text(row, 'edge')));
    return known?.generation === number(row, 'generation') ? known.list : [];
  }

  async forget(edge: EdgeId, generation: number): Promise<void> {
    this.#database
      .prepare(`DELETE FROM edges WHERE edge = ? AND generation = ? AND status = 'lost'`)
      .run(edge, generation);
  }
}

const loadColumns = (load: EdgeLoad) => [load.calls, load.cpu, load.draining ? 1 : 0];

const toEdge = (row: Row): Omit<EdgeRecord, 'sockets'> => ({
  edge: edgeId(text(row, 'edge')),
  generation: number(row, 'generation'),
  version: text(row, 'version'),
  load: { calls: number(row, 'calls'), cpu: number(row, 'cpu'), draining: number(row, 'is_draining') === 1 },
  renewedAt: number(row, 'renewed_at'),
  status: word(row, 'status', ['alive', 'lost']),
});
