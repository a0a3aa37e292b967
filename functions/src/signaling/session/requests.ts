import { sessionId } from '@sylk/protocol/ids.ts';
import { commandTtlMs, earlyRequestWaitMs, idempotencyMs } from '@sylk/protocol/limits.ts';
import type { SessionCreate, SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import type { SessionRecord } from '../../ports/sessions.ts';
import { unknownSession } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import type { Asker, Services } from '../services.ts';
import { countTransfer } from './transfer-quota.ts';

/** A request about a session for which the connection speaks already. */
export type BoundRequest = Exclude<SessionRequest, SessionCreate>;

/** Any further request of a session: goes to the edge that owns it, which knows what is legal when, and answers. */
export const sessionRequest = async (services: Services, asker: Asker, request: BoundRequest): Promise<Outcome> => {
  const record = await findSession(services, asker, request);
  if (record === undefined || !(await services.directory.isAlive(record.owner))) {
    throw unknownSession(request.session);
  }
  const { owner, attachment: from } = record;
  if (request.sylkrtc === 'session-transfer') await countTransfer(services, from.aor);
  const id = services.crypto.token(12);
  return { commands: [{ to: owner.edge, command: { kind: 'request', id, ttlMs: commandTtlMs, from, request } }] };
};

/** How often an early request looks again, in ms. */
const lookAgainMs = 25;

// Where frames of a connection may overtake each other, one that seems to know its session may only be early.
const findSession = async (
  services: Services,
  asker: Asker,
  request: BoundRequest,
): Promise<SessionRecord | undefined> => {
  const { store, clock, settings } = services;
  const session = sessionId(request.session);
  const waitUntil = clock.now() + (settings.isOrdered ? 0 : earlyRequestWaitMs);
  for (;;) {
    const record = await store.sessions.spokenForBy(asker.connection, session, clock.now());
    if (record !== undefined) return record;
    if (clock.now() >= waitUntil && !(await isThereAfterAll(services, asker, request))) return undefined;
    await clock.sleep(lookAgainMs);
  }
};

/** The end of a session also ends what comes later: where requests may overtake each other, a late create is refused. */
const isThereAfterAll = async (
  { store, clock, settings }: Services,
  { connection }: Asker,
  request: BoundRequest,
): Promise<boolean> => {
  if (settings.isOrdered || request.sylkrtc !== 'session-terminate') return false;
  const now = clock.now();
  const added = (await store.connections.find(connection, now))?.accounts ?? [];
  const session = sessionId(request.session);
  const barred = await Promise.all(
    added.map(({ aor, device }) => store.sessions.bar({ aor, device, session }, now + idempotencyMs, now)),
  );
  return barred.includes(false);
};
