import type { Installation } from '../../ports/installation.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { text } from './sqlite-row.ts';

/** What this server chose once, in SQLite. */
export class SqliteInstallation implements Installation {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async settle(name: string, value: string): Promise<string> {
    this.#database.prepare('INSERT INTO installation VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, value);
    const row = this.#database.prepare('SELECT value FROM installation WHERE name = ?').get(name);
    return row ? text(row, 'value') : value;
  }
}
