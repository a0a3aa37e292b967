import type { Nonces } from '../../ports/nonces.ts';
import type { SqliteHandle } from './sqlite-handle.ts';

/** Used-up nonces in SQLite. */
export class SqliteNonces implements Nonces {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async use(kind: string, nonce: string, expiresAt: number): Promise<boolean> {
    const used = this.#database
      .prepare('INSERT INTO nonces VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(kind, nonce, expiresAt);
    return used.changes > 0;
  }
}
