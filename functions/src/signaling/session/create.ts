import { type SessionKey, sessionId } from '@sylk/protocol/ids.ts';
import { commandTtlMs, sessionRecordMs } from '@sylk/protocol/limits.ts';
import type { SessionCreate } from '@sylk/protocol/sylkrtc/requests.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import type { Claim, SessionOwner, SessionRecord } from '../../ports/sessions.ts';
import { addedOn, askersRecord, findAdded } from '../account/added.ts';
import { renewByUse, standingOf } from '../account/standing.ts';
import { lineOf } from '../elsewhere/line.ts';
import { isElsewhere } from '../elsewhere/secret.ts';
import { RequestError } from '../errors.ts';
import type { Outcome } from '../outcome.ts';
import { requireGranted } from '../quota.ts';
import type { Asker, Services } from '../services.ts';
import { attachHere } from './attach.ts';
import { toAttachment } from './attachment.ts';
import { placeSession } from './placement.ts';

/** `session-create`: claims the id, picks an edge, and lets that edge answer. */
export const sessionCreate = async (services: Services, asker: Asker, request: SessionCreate): Promise<Outcome> => {
  const added = await accountOf(services, asker, request);
  const line = isElsewhere(added) ? await lineOf(services, added) : await requireMayCall(services, added);
  const record = await toRecord(services, asker, { request, added, line });
  const claimed = requireOwn(request, await services.store.sessions.claim(record, services.clock.now()));
  const stored = await attachHere(services, claimed, record);
  if (stored === undefined) throw inUse(request);
  const { key, owner, attachment } = stored;
  const ids = { connectionId: attachment.connection, session: key.session, edgeId: owner.edge };
  services.log.info({ ...ids, aor: key.aor }, 'a session was claimed');
  const id = services.crypto.token(12);
  return {
    commands: [{ to: owner.edge, command: { kind: 'request', id, ttlMs: commandTtlMs, from: attachment, request } }],
  };
};

/** The reference refuses an id in use before an account that is unknown; here that costs a look only where it matters. */
const accountOf = async (services: Services, asker: Asker, request: SessionCreate): Promise<AddedAccount> => {
  const { store, clock } = services;
  const connection = await askersRecord(services, asker);
  if (findAdded(services, connection, request.account) === undefined) {
    const own = await store.sessions.spokenForBy(asker.connection, sessionId(request.session), clock.now());
    if (own !== undefined) throw inUse(request);
  }
  return addedOn(services, connection, request.account);
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
  /** The only edge that may have it, for an account elsewhere. */
  readonly line: SessionOwner | undefined;
}

const toRecord = async (
  services: Services,
  asker: Asker,
  { request, added, line }: Creation,
): Promise<SessionRecord> => ({
  key: keyOf(added, request),
  owner: line ?? (await placeSession(services)),
  state: 'held',
  attachment: toAttachment(added, asker.connection, 1),
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

const requireOwn = (request: SessionCreate, claim: Claim): SessionRecord => {
  if (claim.status === 'own') return claim.record;
  if (claim.status === 'over') throw new RequestError('session-over', `Session ${request.session} is terminated`);
  throw inUse(request);
};

const inUse = ({ session }: SessionCreate) =>
  new RequestError('session-in-use', `Session ID ${session} already in use`);
