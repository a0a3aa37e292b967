import { phonePlace } from '@sylk/protocol/edge/phones.ts';
import { type Aor, aor, edgeId } from '@sylk/protocol/ids.ts';
import { inRingingOrder, type PhoneBinding, type Phones, type RegisterOrigin } from '../../ports/phones.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { number, type Row, text } from './sqlite-row.ts';

/** Contacts of phones in SQLite. */
export class SqlitePhones implements Phones {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async bind(binding: PhoneBinding, at: number): Promise<boolean> {
    const { place, edge, callId, cseq, claimant, registeredAt, expiresAt } = binding;
    this.#database
      .prepare(
        `INSERT INTO phones VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (aor, key) DO UPDATE SET
         place = excluded.place, edge = excluded.edge, call_id = excluded.call_id, cseq = excluded.cseq,
         claimant = excluded.claimant, registered_at = excluded.registered_at, expires_at = excluded.expires_at
         WHERE ${mayChange('excluded.call_id', 'excluded.cseq')}`,
      )
      .run(binding.aor, place.key, JSON.stringify(place), edge, callId, cseq, claimant, registeredAt, expiresAt, at);
    return this.#find(binding.aor, place.key)?.claimant === claimant;
  }

  async unbind(aor: Aor, key: string, { callId, cseq }: RegisterOrigin, at: number): Promise<boolean> {
    this.#database
      .prepare(`DELETE FROM phones WHERE aor = ? AND key = ? AND (${mayChange('?', '?')})`)
      .run(aor, key, callId, cseq, at);
    return this.#find(aor, key) === undefined;
  }

  async of(aor: Aor, at: number): Promise<readonly PhoneBinding[]> {
    const rows = this.#database.prepare('SELECT * FROM phones WHERE aor = ? AND expires_at > ?').all(aor, at);
    return inRingingOrder(rows.map(toBinding));
  }

  #find(aor: Aor, key: string): PhoneBinding | undefined {
    const row = this.#database.prepare('SELECT * FROM phones WHERE aor = ? AND key = ?').get(aor, key);
    return row && toBinding(row);
  }
}

const mayChange = (callId: string, cseq: string): string =>
  `phones.call_id <> ${callId} OR phones.cseq < ${cseq} OR phones.expires_at <= ?`;

const toBinding = (row: Row): PhoneBinding => ({
  aor: aor(text(row, 'aor')),
  place: phonePlace.parse(JSON.parse(text(row, 'place'))),
  edge: edgeId(text(row, 'edge')),
  callId: text(row, 'call_id'),
  cseq: number(row, 'cseq'),
  claimant: text(row, 'claimant'),
  registeredAt: number(row, 'registered_at'),
  expiresAt: number(row, 'expires_at'),
});
