import type { Store } from '../../ports/store.ts';
import { DynamoDbAccounts } from './dynamodb-accounts.ts';
import { DynamoDbCommandResults } from './dynamodb-command-results.ts';
import { DynamoDbConnections } from './dynamodb-connections.ts';
import { DynamoDbDevices } from './dynamodb-devices.ts';
import { DynamoDbEdges } from './dynamodb-edges.ts';
import { DynamoDbInstallation } from './dynamodb-installation.ts';
import { DynamoDbMessages } from './dynamodb-messages.ts';
import { DynamoDbMissedCalls } from './dynamodb-missed-calls.ts';
import { DynamoDbNonces } from './dynamodb-nonces.ts';
import { DynamoDbPhones } from './dynamodb-phones.ts';
import { DynamoDbQuotas } from './dynamodb-quotas.ts';
import { DynamoDbRegistrations } from './dynamodb-registrations.ts';
import { DynamoDbSessions } from './dynamodb-sessions.ts';
import { type DynamoDbOptions, openTable } from './open-table.ts';

/** Everything signaling remembers, in one table of DynamoDB. */
export class DynamoDbStore implements Store {
  readonly connections: DynamoDbConnections;
  readonly accounts: DynamoDbAccounts;
  readonly devices: DynamoDbDevices;
  readonly phones: DynamoDbPhones;
  readonly sessions: DynamoDbSessions;
  readonly edges: DynamoDbEdges;
  readonly quotas: DynamoDbQuotas;
  readonly missedCalls: DynamoDbMissedCalls;
  readonly messages: DynamoDbMessages;
  readonly registrations: DynamoDbRegistrations;
  readonly nonces: DynamoDbNonces;
  readonly commandResults: DynamoDbCommandResults;
  readonly installation: DynamoDbInstallation;

  constructor(options: DynamoDbOptions) {
    const table = openTable(options);
    this.connections = new DynamoDbConnections(table);
    this.accounts = new DynamoDbAccounts(table);
    this.devices = new DynamoDbDevices(table);
    this.phones = new DynamoDbPhones(table);
    this.sessions = new DynamoDbSessions(table);
    this.edges = new DynamoDbEdges(table);
    this.quotas = new DynamoDbQuotas(table);
    this.missedCalls = new DynamoDbMissedCalls(table);
    this.messages = new DynamoDbMessages(table);
    this.registrations = new DynamoDbRegistrations(table);
    this.nonces = new DynamoDbNonces(table);
    this.commandResults = new DynamoDbCommandResults(table);
    this.installation = new DynamoDbInstallation(table);
  }
}
