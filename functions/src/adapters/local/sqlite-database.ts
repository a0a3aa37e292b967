import { DatabaseSync } from 'node:sqlite';
import { SqliteHandle } from './sqlite-handle.ts';
import { formats } from './sqlite-schema.ts';

/** The one database file, opened twice with different care. */
export interface Database {
  /** Written through to the disk before a write returns: what must outlive a power cut. */
  readonly durable: SqliteHandle;
  /**
   * Outlives the death of the process, not always that of the machine: what describes sockets and calls,
   * which such a death ends anyway. Saves a disk flush (some ms on which everybody waits) per step of a call.
   */
  readonly volatile: SqliteHandle;
  close(): void;
}

/**
 * Opens the database and brings its tables up to date.
 *
 * @param file path, or `:memory:` for one that is gone when closed
 * @throws when the file was written by a newer version
 */
export const openDatabase = (file: string): Database => {
  const durable = open(file, 'FULL');
  migrate(durable, file);
  const volatile = file === ':memory:' ? durable : open(file, 'NORMAL');
  const close = () => {
    volatile.close();
    if (durable !== volatile) durable.close();
  };
  return { durable: new SqliteHandle(durable), volatile: new SqliteHandle(volatile), close };
};

const open = (file: string, synchronous: 'FULL' | 'NORMAL'): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA busy_timeout = 5000`);
  return database;
};

const migrate = (database: DatabaseSync, file: string): void => {
  const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  const newest = formats.length;
  if (found > newest) {
    throw new Error(`${file} has format ${found}, newer than ${newest}: start the version that wrote it`);
  }
  if (found === newest) return;
  database.exec(`BEGIN; ${formats.slice(found).join('\n')}; PRAGMA user_version = ${newest}; COMMIT`);
};
