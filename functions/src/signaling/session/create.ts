import { type SessionKey, sessionId } from '@sylk/protocol/ids.ts';
import { commandTtlMs, maxRememberedSessionsPerConnection, sessionRecordMs } from '@sylk/protocol/limits.ts';
import type { SessionCreate } from '@sylk/protocol/sylkrtc/requests.ts';
import type { Binding } from '../../ports/bindings.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import type { Claim, SessionOwner, SessionRecord } from '../../ports/sessions.ts';
import { addedOn, requireOpen } from '../account/added.ts';
import { renewByUse, standingOf } from '../account/standing.ts';
import { lineOf } from '../elsewhere/line.ts';
import { isElsewhere } from '../elsewhere/secret.ts';
import { RequestError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import { requireGranted } from '../quota.ts';
import type { Asker, Services } from '../services.ts';
import { attachHere } from './attach.ts';
import { toAttachment } from './attachment.ts';
import { claimSession } from './claim.ts';
import { placeSession } from './placement.ts';

/** `session-create`: claims the id, picks an edge, and lets that edge answer. */
export const sessionCreate = async (services: Services, asker: Asker, request: SessionCreate): Promise<Outcome> => {
  const { record: connection, bindings: bound } = await services.store.connections.findWithBindings(
    asker.connection,
    services.clock.now(),
  );
  const own = bound.find(({ session }) => session === request.session);
  if (own !== undefined && own.claimant !== claimantOf(request)) throw inUse(request);
  const added = addedOn(services, requireOpen(connection), request.account);
  const line = isElsewhere(added) ? await lineOf(services, added) : await requireMayCall(services, added);
  requireRoom(bound, own);
  const record = await toRecord(services, asker, { request, added, own, line });
  const claimed = requireOwn(request, await claimSession(services, record));
  const stored = await attachHere(services, claimed, record);
  if (stored === undefined) {
    await services.store.bindings.release(asker.connection, record.key.session, record.attachment.epoch);
    throw inUse(request);
  }
  const { key, owner, attachment } = stored;
  const ids = { connectionId: attachment.connection, session: key.session, edgeId: owner.edge };
  services.log.info({ ...ids, aor: key.aor }, 'a session was claimed');
  const id = services.crypto.token(12);
  return {
    commands: [{ to: owner.edge, command: { kind: 'request', id, ttlMs: commandTtlMs, from: attachment, request } }],
  };
};

/** Names one `session-create`: the same message again finds what it has claimed. */
const claimantOf = ({ transaction }: SessionCreate): string => `create ${transaction}`;

/** Where the session of a `session-create` is stored. */
export const keyOf = ({ aor, device }: Pick<SessionKey, 'aor' | 'device'>, request: SessionCreate): SessionKey => ({
  aor,
  device,
  session: sessionId(request.session),
});

interface Creation {
  readonly request: SessionCreate;
  readonly added: AddedAccount;
  /** What an earlier try of the same request has bound. */
  readonly own: Binding | undefined;
  /** The only edge that may have it, for an account elsewhere. */
  readonly line: SessionOwner | undefined;
}

const toRecord = async (
  services: Services,
  asker: Asker,
  { request, added, own, line }: Creation,
): Promise<SessionRecord> => ({
  key: keyOf(added, request),
  owner:
    own !== undefined && (await services.directory.isAlive(own.owner))
      ? own.owner
      : (line ?? (await placeSession(services))),
  state: 'held',
  attachment: toAttachment(added, asker.connection, own?.from.epoch ?? 1),
  secretHash: request.resume ? services.crypto.sha256(request.resume) : undefined,
  claimant: claimantOf(request),
  expiresAt: services.clock.now() + sessionRecordMs,
});

const requireMayCall = async (services: Services, { aor, isVerified }: AddedAccount): Promise<undefined> => {
  const { store, clock, settings } = services;
  const quota = { kind: 'calls', windowMs: 60_000, limit: settings.callsPerMinute };
  const use = isVerified ? await store.accounts.countUse(aor, quota, clock.now()) : undefined;
  if (use === undefined || standingOf(use.account, clock.now()) !== 'active') {
    throw new RequestError('not-authenticated', 'Account not authenticated');
  }
  requireGranted(services, quota, use.answer, 'calls');
  await renewByUse(store.accounts, use.account, clock.now());
};

// The edge knows which sessions are over, and counts the others; here is only a bound for what is stored.
const requireRoom = (bound: readonly Binding[], own: Binding | undefined): void => {
  if (own !== undefined || bound.length < maxRememberedSessionsPerConnection) return;
  throw new RequestError(
    'session-limit',
    `Too many sessions on this connection, at most ${maxRememberedSessionsPerConnection} are remembered`,
  );
};

const requireOwn = (request: SessionCreate, claim: Claim | undefined): SessionRecord => {
  if (claim?.status === 'own') return claim.record;
  if (claim?.status === 'over') throw new RequestError('session-over', `Session ${request.session} is terminated`);
  throw inUse(request);
};

const inUse = ({ session }: SessionCreate) =>
  new RequestError('session-in-use', `Session ID ${session} already in use`);
