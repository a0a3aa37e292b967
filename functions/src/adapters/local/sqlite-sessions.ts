import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import {
  type Aor,
  aor,
  type ConnectionId,
  deviceId,
  type EdgeId,
  edgeId,
  type SessionId,
  type SessionKey,
  sessionId,
} from '@sylk/protocol/ids.ts';
import type { Claim, SessionEnd, SessionEnding, SessionRecord, Sessions } from '../../ports/sessions.ts';
import type { SqliteHandle } from './sqlite-handle.ts';
import { attachment, number, optionalText, type Row, text, word } from './sqlite-row.ts';

const spokenFor = `json_extract(attachment, '$.connection') = ?`;
const thisOne = 'aor = ? AND session = ? AND device = ?';
/** 0 for one that goes on, 1 for one that is over, 2 for one that ended with its edge, 3 for one that must not begin. */
const live = 'is_over = 0';
const lost = 'is_over = 2';
const barred = 3;

/** Sessions in SQLite. */
export class SqliteSessions implements Sessions {
  readonly #database: SqliteHandle;

  constructor(database: SqliteHandle) {
    this.#database = database;
  }

  async claim(record: SessionRecord, at: number): Promise<Claim> {
    this.#database
      .prepare(
        `INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
         ON CONFLICT DO UPDATE SET aor = excluded.aor, edge = excluded.edge, generation = excluded.generation, state = excluded.state,
           attachment = excluded.attachment, secret_hash = excluded.secret_hash, claimant = excluded.claimant,
           expires_at = excluded.expires_at, is_over = 0
         WHERE expires_at <= ? OR (is_over BETWEEN 1 AND 2
           AND (claimant <> excluded.claimant OR aor <> excluded.aor))`,
      )
      .run(...columns(record), at);
    const { key, claimant } = record;
    const [stored] = this.#all(
      `session = ? AND device = ? AND ${live} AND expires_at > ?`,
      key.session,
      key.device,
      at,
    );
    if (stored === undefined) return { status: 'over' };
    const isOwn = stored.claimant === claimant && stored.key.aor === key.aor;
    return { status: isOwn ? 'own' : 'taken', record: stored };
  }

  async find(key: SessionKey, at: number): Promise<SessionRecord | undefined> {
    const row = this.#database
      .prepare(`SELECT * FROM sessions WHERE ${thisOne} AND ${live} AND expires_at > ?`)
      .get(...keyColumns(key), at);
    return row && toRecord(row);
  }

  async spokenForBy(connection: ConnectionId, session: SessionId, at: number): Promise<SessionRecord | undefined> {
    return this.#all(`session = ? AND ${spokenFor} AND ${live} AND expires_at > ?`, session, connection, at)[0];
  }

  async bar(key: SessionKey, until: number, at: number): Promise<boolean> {
    const barredRow = [...keyColumns(key), '', 0, 'held', '{}', null, '', until, barred];
    this.#database
      .prepare(
        `INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET is_over = excluded.is_over, expires_at = excluded.expires_at WHERE expires_at <= ?`,
      )
      .run(...barredRow, at);
    return (await this.find(key, at)) === undefined;
  }

  async attach(key: SessionKey, attachment: Attachment): Promise<boolean> {
    const json = JSON.stringify(attachment);
    const attached = this.#database
      .prepare(
        `UPDATE sessions SET attachment = ?
         WHERE ${thisOne} AND ${live} AND (json_extract(attachment, '$.epoch') = ? OR attachment = ?)`,
      )
      .run(json, ...keyColumns(key), attachment.epoch - 1, json);
    return attached.changes > 0;
  }

  async hold(key: SessionKey, secretHash: string | undefined, expiresAt: number): Promise<boolean> {
    const held = this.#database
      .prepare(`UPDATE sessions SET state = 'held', secret_hash = ?, expires_at = ? WHERE ${thisOne} AND ${live}`)
      .run(secretHash ?? null, expiresAt, ...keyColumns(key));
    return held.changes > 0;
  }

  async end(
    key: SessionKey,
    rememberUntil: number,
    { owner, isLost = false }: SessionEnding = {},
  ): Promise<SessionEnd | undefined> {
    const which = owner === undefined ? thisOne : `${thisOne} AND edge = ? AND generation = ?`;
    const names = [...keyColumns(key), ...(owner === undefined ? [] : [owner.edge, owner.generation])];
    const row = this.#database.prepare(`SELECT * FROM sessions WHERE ${which} AND is_over <> ${barred}`).get(...names);
    const ended = this.#database
      .prepare(`UPDATE sessions SET is_over = ?, expires_at = ? WHERE ${which} AND ${live}`)
      .run(isLost ? 2 : 1, rememberUntil, ...names);
    return row && { record: toRecord(row), isFirst: ended.changes > 0 };
  }

  async ofCall(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    return this.#all(`aor = ? AND session = ? AND ${live} AND expires_at > ?`, aor, session, at);
  }

  async lostOf(aor: Aor, session: SessionId, at: number): Promise<readonly SessionRecord[]> {
    return this.#all(`aor = ? AND session = ? AND ${lost} AND expires_at > ?`, aor, session, at);
  }

  async ringing(aor: Aor, at: number): Promise<readonly SessionRecord[]> {
    return this.#all(`aor = ? AND state = 'ringing' AND ${live} AND expires_at > ?`, aor, at);
  }

  async ofConnection(connection: ConnectionId, aors: readonly Aor[], at: number): Promise<readonly SessionRecord[]> {
    return aors.flatMap((aor) =>
      this.#all(`aor = ? AND ${spokenFor} AND ${live} AND expires_at > ?`, aor, connection, at),
    );
  }

  async ofEdgeBefore(edge: EdgeId, generation: number, limit: number): Promise<readonly SessionRecord[]> {
    return this.#all(`edge = ? AND generation < ? AND ${live} LIMIT ?`, edge, generation, limit);
  }

  #all(condition: string, ...values: (string | number)[]): readonly SessionRecord[] {
    return this.#database
      .prepare(`SELECT * FROM sessions WHERE ${condition}`)
      .all(...values)
      .map(toRecord);
  }
}

const keyColumns = (key: SessionKey) => [key.aor, key.session, key.device];

const columns = (record: SessionRecord) => [
  ...keyColumns(record.key),
  record.owner.edge,
  record.owner.generation,
  record.state,
  JSON.stringify(record.attachment),
  record.secretHash ?? null,
  record.claimant,
  record.expiresAt,
];

const toRecord = (row: Row): SessionRecord => ({
  key: {
    aor: aor(text(row, 'aor')),
    device: deviceId(text(row, 'device')),
    session: sessionId(text(row, 'session')),
  },
  owner: { edge: edgeId(text(row, 'edge')), generation: number(row, 'generation') },
  state: word(row, 'state', ['ringing', 'held']),
  attachment: attachment(row),
  secretHash: optionalText(row, 'secret_hash'),
  claimant: text(row, 'claimant'),
  expiresAt: number(row, 'expires_at'),
});
