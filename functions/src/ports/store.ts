import type { Accounts } from './accounts.ts';
import type { CommandResults } from './command-results.ts';
import type { Connections } from './connections.ts';
import type { Devices } from './devices.ts';
import type { Edges } from './edges.ts';
import type { Installation } from './installation.ts';
import type { Messages } from './messages.ts';
import type { MissedCalls } from './missed-calls.ts';
import type { Nonces } from './nonces.ts';
import type { Phones } from './phones.ts';
import type { Quotas } from './quotas.ts';
import type { Registrations } from './registrations.ts';
import type { Sessions } from './sessions.ts';

/**
 * All that signaling remembers. Every method is one read, or one conditional write of one item, so that
 * each adapter keeps the same promises: what takes two writes is written in an order that the next reader can repair.
 * Expired items are absent for every reader, whether they were cleaned away or not.
 */
export interface Store {
  readonly connections: Connections;
  readonly accounts: Accounts;
  readonly devices: Devices;
  readonly phones: Phones;
  readonly sessions: Sessions;
  readonly edges: Edges;
  readonly quotas: Quotas;
  readonly missedCalls: MissedCalls;
  readonly messages: Messages;
  readonly registrations: Registrations;
  readonly nonces: Nonces;
  readonly commandResults: CommandResults;
  readonly installation: Installation;
}
