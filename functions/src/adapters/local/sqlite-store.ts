import type { Store } from '../../ports/store.ts';
import { LocalCommandResults } from './local-command-results.ts';
import { SqliteAccounts } from './sqlite-accounts.ts';
import { SqliteConnections } from './sqlite-connections.ts';
import { type Database, openDatabase } from './sqlite-database.ts';
import { SqliteDevices } from './sqlite-devices.ts';
import { SqliteEdges } from './sqlite-edges.ts';
import { SqliteInstallation } from './sqlite-installation.ts';
import { SqliteMessages } from './sqlite-messages.ts';
import { SqliteMissedCalls } from './sqlite-missed-calls.ts';
import { SqliteNonces } from './sqlite-nonces.ts';
import { SqlitePhones } from './sqlite-phones.ts';
import { SqliteQuotas } from './sqlite-quotas.ts';
import { SqliteRegistrations } from './sqlite-registrations.ts';
import { expiringTables } from './sqlite-schema.ts';
import { SqliteSessions } from './sqlite-sessions.ts';

/** Everything signaling remembers, in one SQLite file. */
export class SqliteStore implements Store {
  readonly connections: SqliteConnections;
  readonly accounts: SqliteAccounts;
  readonly devices: SqliteDevices;
  readonly phones: SqlitePhones;
  readonly sessions: SqliteSessions;
  readonly edges: SqliteEdges;
  readonly quotas: SqliteQuotas;
  readonly missedCalls: SqliteMissedCalls;
  readonly messages: SqliteMessages;
  readonly registrations: SqliteRegistrations;
  readonly nonces: SqliteNonces;
  readonly commandResults = new LocalCommandResults();
  readonly installation: SqliteInstallation;
  readonly #database: Database;

  /** @param file path, or `:memory:` */
  constructor(file: string) {
    this.#database = openDatabase(file);
    const { durable, volatile } = this.#database;
    this.missedCalls = new SqliteMissedCalls(durable);
    this.messages = new SqliteMessages(durable);
    this.installation = new SqliteInstallation(durable);
    this.devices = new SqliteDevices(volatile);
    this.phones = new SqlitePhones(volatile);
    this.sessions = new SqliteSessions(volatile);
    this.connections = new SqliteConnections(volatile);
    this.edges = new SqliteEdges(volatile);
    this.quotas = new SqliteQuotas(volatile);
    this.accounts = new SqliteAccounts(durable, this);
    this.registrations = new SqliteRegistrations(volatile);
    this.nonces = new SqliteNonces(volatile);
  }

  /** Deletes what expired before `at` (ms since 1970); readers do not see it anyway. */
  clean(at: number): void {
    this.commandResults.clean(at);
    for (const table of expiringTables) {
      this.#database.volatile.prepare(`DELETE FROM ${table} WHERE expires_at <= ?`).run(at);
    }
  }

  close(): void {
    this.#database.close();
  }
}
