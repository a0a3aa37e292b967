import { type Aor, aor, type EdgeId, edgeId } from '@sylk/protocol/ids.ts';
import type { Registration, Registrations } from '../../ports/registrations.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, type Row, text, word } from './sqlite-row.ts';

/** Accounts at providers elsewhere in SQLite. */
export class SqliteRegistrations implements Registrations {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async find(aor: Aor): Promise<Registration | undefined> {
    const row = this.#database.prepare('SELECT * FROM registrations WHERE aor = ?').get(aor);
    return row && toRegistration(row);
  }

  async put(registration: Registration): Promise<boolean> {
    const { aor, version, claimant } = registration;
    const written = version === 1 ? this.#insert(registration) : this.#update(registration);
    if (written) return true;
    const stored = await this.find(aor);
    return stored?.version === version && stored.claimant === claimant;
  }

  async remove(aor: Aor, version: number): Promise<void> {
    this.#database.prepare('DELETE FROM registrations WHERE aor = ? AND version = ?').run(aor, version);
  }

  async ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly Registration[]> {
    return this.#database
      .prepare('SELECT * FROM registrations WHERE edge = ? AND generation < ? LIMIT ?')
      .all(edge, generation, limit)
      .map(toRegistration);
  }

  #insert(registration: Registration): boolean {
    const inserted = this.#database
      .prepare('INSERT INTO registrations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(registration.aor, ...columns(registration));
    return inserted.changes > 0;
  }

  #update(registration: Registration): boolean {
    const updated = this.#database
      .prepare(
        `UPDATE registrations SET edge = ?, generation = ?, contact = ?, credentials = ?, secret = ?, state = ?,
           version = ?, claimant = ?
         WHERE aor = ? AND version = ?`,
      )
      .run(...columns(registration), registration.aor, registration.version - 1);
    return updated.changes > 0;
  }
}

const columns = ({ owner, contact, credentials, secret, state, version, claimant }: Registration) => [
  ...[owner.edge, owner.generation, contact, credentials, secret, state, version, claimant],
];

const toRegistration = (row: Row): Registration => ({
  aor: aor(text(row, 'aor')),
  owner: { edge: edgeId(text(row, 'edge')), generation: number(row, 'generation') },
  contact: text(row, 'contact'),
  credentials: text(row, 'credentials'),
  secret: text(row, 'secret'),
  state: word(row, 'state', ['registering', 'registered', 'failed']),
  version: number(row, 'version'),
  claimant: text(row, 'claimant'),
});
