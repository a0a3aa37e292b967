/** The first tables. Times are ms since 1970; lists and attachments are JSON text. */
const firstTables = `
CREATE TABLE accounts (
  aor TEXT PRIMARY KEY, display_name TEXT NOT NULL, ha1_md5 TEXT NOT NULL, ha1_sha256 TEXT NOT NULL,
  lifetime TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, status TEXT NOT NULL, created_by TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE connections (
  connection TEXT PRIMARY KEY, network TEXT NOT NULL, opened_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE added_accounts (
  connection TEXT NOT NULL, aor TEXT NOT NULL, account TEXT NOT NULL, device TEXT NOT NULL, display_name TEXT,
  user_agent TEXT, header_prefixes TEXT NOT NULL, is_verified INTEGER NOT NULL,
  added_by TEXT NOT NULL, removed_by TEXT, PRIMARY KEY (connection, aor)
) WITHOUT ROWID;

CREATE TABLE devices (
  aor TEXT NOT NULL, device TEXT NOT NULL, connection TEXT NOT NULL, account TEXT NOT NULL, display_name TEXT,
  header_prefixes TEXT NOT NULL, registered_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (aor, device)
) WITHOUT ROWID;

CREATE TABLE sessions (
  aor TEXT NOT NULL, session TEXT NOT NULL, device TEXT NOT NULL, edge TEXT NOT NULL, generation INTEGER NOT NULL,
  state TEXT NOT NULL, attachment TEXT NOT NULL, secret_hash TEXT, claimant TEXT NOT NULL, expires_at INTEGER NOT NULL,
  is_over INTEGER NOT NULL, PRIMARY KEY (aor, session, device)
) WITHOUT ROWID;
CREATE INDEX sessions_by_edge ON sessions (edge, generation);

CREATE TABLE bindings (
  connection TEXT NOT NULL, session TEXT NOT NULL, edge TEXT NOT NULL, generation INTEGER NOT NULL,
  attachment TEXT NOT NULL, claimant TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (connection, session)
) WITHOUT ROWID;

CREATE TABLE edges (
  edge TEXT PRIMARY KEY, generation INTEGER NOT NULL, version TEXT NOT NULL, calls INTEGER NOT NULL, cpu REAL NOT NULL,
  is_draining INTEGER NOT NULL, renewed_at INTEGER NOT NULL, status TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE quotas (
  kind TEXT NOT NULL, key TEXT NOT NULL, window INTEGER NOT NULL, uses INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  PRIMARY KEY (kind, key, window)
) WITHOUT ROWID;

CREATE TABLE missed_calls (
  aor TEXT NOT NULL, seq INTEGER NOT NULL, report TEXT NOT NULL, originator TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (aor, seq)
) WITHOUT ROWID;

CREATE TABLE missed_call_marks (
  aor TEXT NOT NULL, reader TEXT NOT NULL, seq INTEGER NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (aor, reader)
) WITHOUT ROWID;

CREATE TABLE nonces (
  kind TEXT NOT NULL, nonce TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (kind, nonce)
) WITHOUT ROWID;

CREATE TABLE installation (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;

/** Phones beside pages, and accounts that may dial numbers. */
const phones = `
CREATE TABLE phones (
  aor TEXT NOT NULL, key TEXT NOT NULL, place TEXT NOT NULL, edge TEXT NOT NULL, call_id TEXT NOT NULL, cseq INTEGER NOT NULL,
  claimant TEXT NOT NULL, registered_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (aor, key)
) WITHOUT ROWID;
ALTER TABLE accounts ADD COLUMN may_dial INTEGER NOT NULL DEFAULT 0;
`;

/** Accounts at providers elsewhere. */
const accountsElsewhere = `
CREATE TABLE registrations (
  aor TEXT PRIMARY KEY, edge TEXT NOT NULL, generation INTEGER NOT NULL, contact TEXT NOT NULL, credentials TEXT NOT NULL,
  secret TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, claimant TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX registrations_by_edge ON registrations (edge, generation);
ALTER TABLE added_accounts ADD COLUMN elsewhere TEXT;
ALTER TABLE devices ADD COLUMN credentials TEXT;
`;

/** A device has a session's id once, whatever the account; who may speak for a session is in its own row alone. */
const sessionsOfDevices = `
ALTER TABLE sessions RENAME TO former_sessions;
DROP INDEX sessions_by_edge;
CREATE TABLE sessions (
  aor TEXT NOT NULL, session TEXT NOT NULL, device TEXT NOT NULL, edge TEXT NOT NULL, generation INTEGER NOT NULL,
  state TEXT NOT NULL, attachment TEXT NOT NULL, secret_hash TEXT, claimant TEXT NOT NULL, expires_at INTEGER NOT NULL,
  is_over INTEGER NOT NULL, PRIMARY KEY (session, device)
) WITHOUT ROWID;
INSERT OR IGNORE INTO sessions SELECT * FROM former_sessions ORDER BY is_over;
DROP TABLE former_sessions;
DROP TABLE bindings;
CREATE INDEX sessions_by_edge ON sessions (edge, generation);
CREATE INDEX sessions_by_account ON sessions (aor);
`;

/** Histories: a message has its row, and its place a row of its own. */
const messages = `
CREATE TABLE messages (
  aor TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, contact TEXT NOT NULL, direction TEXT NOT NULL,
  content_type TEXT NOT NULL, content TEXT NOT NULL, timestamp TEXT NOT NULL, stored_at INTEGER NOT NULL, state TEXT NOT NULL,
  rank INTEGER NOT NULL, disposition TEXT NOT NULL, is_removed INTEGER NOT NULL, PRIMARY KEY (aor, key)
) WITHOUT ROWID;
CREATE INDEX messages_by_id ON messages (aor, id);
CREATE TABLE message_places (aor TEXT NOT NULL, seq INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (aor, seq)) WITHOUT ROWID;
CREATE TABLE conversation_marks (
  aor TEXT NOT NULL, contact TEXT NOT NULL, read_up_to INTEGER NOT NULL, removed_up_to INTEGER NOT NULL, PRIMARY KEY (aor, contact)
) WITHOUT ROWID;
CREATE TABLE public_keys (aor TEXT PRIMARY KEY, public_key TEXT NOT NULL) WITHOUT ROWID;
`;

/** An id names one message of an account. Those that had been given twice get the key that told them apart. */
const messagesById = `
CREATE TABLE kept_messages (
  aor TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, contact TEXT NOT NULL, direction TEXT NOT NULL,
  content_type TEXT NOT NULL, content TEXT NOT NULL, timestamp TEXT NOT NULL, stored_at INTEGER NOT NULL, state TEXT NOT NULL,
  rank INTEGER NOT NULL, disposition TEXT NOT NULL, is_removed INTEGER NOT NULL, PRIMARY KEY (aor, id)
) WITHOUT ROWID;
CREATE TEMP TABLE new_ids AS SELECT aor, key, CASE WHEN EXISTS (
    SELECT 1 FROM messages AS other WHERE other.aor = messages.aor AND other.id = messages.id AND other.seq < messages.seq
  ) THEN key ELSE id END AS id FROM messages;
CREATE UNIQUE INDEX temp.new_ids_by_key ON new_ids (aor, key);
INSERT INTO kept_messages SELECT aor, new_ids.id, seq, contact, direction, content_type, content, timestamp, stored_at, state,
  rank, disposition, is_removed FROM messages JOIN new_ids USING (aor, key);
CREATE TABLE kept_places (aor TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (aor, seq)) WITHOUT ROWID;
INSERT INTO kept_places SELECT aor, seq, coalesce(new_ids.id, key) FROM message_places LEFT JOIN new_ids USING (aor, key);
DROP TABLE new_ids;
DROP TABLE messages;
DROP TABLE message_places;
ALTER TABLE kept_messages RENAME TO messages;
ALTER TABLE kept_places RENAME TO message_places;
`;

/** Whom an account has blocked and allowed. */
const contacts = `
ALTER TABLE accounts ADD COLUMN blocked TEXT NOT NULL DEFAULT '[]';
ALTER TABLE accounts ADD COLUMN allowed TEXT NOT NULL DEFAULT '[]';
`;

/** By what the history of an account is read. */
const historyTokens = `
ALTER TABLE accounts ADD COLUMN history_token TEXT;
ALTER TABLE accounts ADD COLUMN history_token_expires_at INTEGER;
`;

/** What brings a file from each format to the next; a file of a higher format is refused. */
export const formats: readonly string[] = [
  firstTables,
  phones,
  accountsElsewhere,
  sessionsOfDevices,
  messages,
  messagesById,
  contacts,
  historyTokens,
];

/** Tables whose rows mean nothing after `expires_at`. */
export const expiringTables = ['connections', 'devices', 'phones', 'sessions', 'quotas', 'missed_call_marks', 'nonces'];
