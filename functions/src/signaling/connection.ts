import { encode } from '@sylk/protocol/codec.ts';
import type { ConnectionId, EdgeId } from '@sylk/protocol/ids.ts';
import { commandTtlMs, leaseLostMs, returnGraceMs } from '@sylk/protocol/limits.ts';
import type { AddedAccount } from '../ports/connections.ts';
import { askEdge } from './edge/ask.ts';
import type { Services } from './services.ts';

/** A record outlives its connection by this much, in ms, so that no clock difference cuts a live one off. */
const marginMs = 10 * 60_000;

/**
 * Whether new connections make sense: the reference refuses them while its media server is away.
 * Here an edge that is known comes back by itself, and until then people can sign in; so only a server
 * to which no edge has ever come refuses, and not before its edges had the time of one lease to come.
 *
 * @param startedAt when this process started, ms since 1970
 */
export const hasBackend = async ({ directory, clock }: Services, startedAt: number): Promise<boolean> =>
  clock.now() < startedAt + leaseLostMs || (await directory.list()).length > 0;

/**
 * A connection is open: records it and tells the client that it may speak.
 *
 * @param network where it comes from, for quotas
 */
export const connectionOpened = async (
  services: Services,
  connection: ConnectionId,
  network: string,
): Promise<void> => {
  await recordConnection(services, connection, network);
  await greet(services, connection);
};

/** The first half of `connectionOpened`, for hosts that cannot send before the connection is accepted. */
export const recordConnection = async (
  services: Services,
  connection: ConnectionId,
  network: string,
): Promise<void> => {
  const { store, clock, settings, log } = services;
  const openedAt = clock.now();
  const expiresAt = openedAt + settings.maxConnectionAgeMs + marginMs;
  await store.connections.open({ connection, network, openedAt, expiresAt });
  log.info({ connectionId: connection, network }, 'a connection is open');
};

/** The second half: tells the client that it may speak. */
export const greet = ({ sender, domain, settings }: Services, connection: ConnectionId): Promise<'sent' | 'gone'> =>
  sender.post(connection, encode({ sylkrtc: 'ready-event', domain: domain.name, version: settings.version }));

/**
 * A frame was lost because its connection is gone, or seems so. Its end may be told to nobody, or was told before
 * something was stored for it; and should its client be there after all, it learns that it has to come anew.
 */
export const connectionGone = async (services: Services, connection: ConnectionId): Promise<void> => {
  // Where events come in order and none is lost, the end is looked after by itself.
  if (services.settings.isOrdered) return;
  await connectionClosed(services, connection);
  await services.sender.close(connection);
};

/** A connection is gone: its devices and the edges of its sessions wait a while for it to come back. Safe to repeat. */
export const connectionClosed = async (services: Services, connection: ConnectionId): Promise<void> => {
  const { store, clock, log } = services;
  log.info({ connectionId: connection }, 'a connection is closed');
  const accounts = (await store.connections.find(connection, clock.now()))?.accounts ?? [];
  for (const account of accounts) await leave(services, account, connection);
  const aors = accounts.map(({ aor }) => aor);
  const sessions = await store.sessions.ofConnection(connection, aors, clock.now());
  const edges = new Set(sessions.map(({ owner }) => owner.edge));
  await Promise.all([...edges].map((edge) => tellLost(services, edge, connection)));
  await store.connections.close(connection);
};

/** A client without an id of its own is another device when it comes back. */
const leave = async (
  { store, clock }: Services,
  { aor, device }: AddedAccount,
  connection: ConnectionId,
): Promise<void> => {
  if (String(device) === String(connection)) await store.devices.unregister(aor, device, connection);
  else await store.devices.leave(aor, device, connection, clock.now() + returnGraceMs);
};

// An edge that cannot be told finds out by its next post to the connection.
const tellLost = async (services: Services, edge: EdgeId, connection: ConnectionId): Promise<void> => {
  const id = services.crypto.token(12);
  await askEdge(services, edge, { kind: 'connection-lost', id, ttlMs: commandTtlMs, connection });
};
