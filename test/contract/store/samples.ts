import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import { type Aor, aor, connectionId, deviceId, edgeId, sessionId } from '@sylk/protocol/ids.ts';
import type { Account } from '../../../functions/src/ports/accounts.ts';
import type { AddedAccount, OpenConnection } from '../../../functions/src/ports/connections.ts';
import type { RegisteredDevice } from '../../../functions/src/ports/devices.ts';
import type { EdgeGreeting } from '../../../functions/src/ports/edges.ts';
import type { SessionRecord } from '../../../functions/src/ports/sessions.ts';

/** A fixed moment, in ms since 1970. */
export const now = Date.UTC(2026, 0, 31, 12);
export const later = now + 60_000;

export const alice = aor('alice@example.org');
export const bob = aor('bob@example.org');
export const laptop = connectionId('laptop-1');
export const phone = connectionId('phone-1');
export const edge = edgeId('edge-a');

export const account = (change: Partial<Account> = {}): Account => ({
  aor: alice,
  displayName: 'Alice',
  ha1Md5: 'aa',
  ha1Sha256: 'bb',
  lifetime: 'temporary',
  createdAt: now,
  expiresAt: later,
  status: 'active',
  createdBy: 't1',
  ...change,
});

export const openConnection = (change: Partial<OpenConnection> = {}): OpenConnection => ({
  connection: laptop,
  network: '192.0.2.7',
  openedAt: now,
  expiresAt: later,
  ...change,
});

export const added = (of: Aor = alice, change: Partial<AddedAccount> = {}): AddedAccount => ({
  aor: of,
  account: of,
  device: deviceId('laptop'),
  displayName: 'Alice',
  userAgent: 'SylkRTC',
  headerPrefixes: ['X-'],
  isVerified: true,
  addedBy: 't1',
  ...change,
});

export const device = (change: Partial<RegisteredDevice> = {}): RegisteredDevice => ({
  aor: alice,
  device: deviceId('laptop'),
  connection: laptop,
  account: alice,
  displayName: 'Alice',
  headerPrefixes: [],
  registeredAt: now,
  expiresAt: later,
  ...change,
});

export const attachment = (change: Partial<Attachment> = {}): Attachment => ({
  connection: laptop,
  device: deviceId('laptop'),
  aor: alice,
  displayName: 'Alice',
  epoch: 1,
  headerPrefixes: ['X-'],
  ...change,
});

export const key = { aor: alice, device: deviceId('laptop'), session: sessionId('s1') };

export const session = (change: Partial<SessionRecord> = {}): SessionRecord => ({
  key,
  owner: { edge, generation: 5 },
  state: 'held',
  attachment: attachment(),
  secretHash: 'cc',
  claimant: 't1',
  expiresAt: later,
  ...change,
});

export const greeting = (change: Partial<EdgeGreeting> = {}): EdgeGreeting => ({
  edge,
  generation: 5,
  version: '0.1.0',
  load: { calls: 2, cpu: 0.25, draining: false },
  renewedAt: now,
  ...change,
});
