import { sessionId } from '@sylk/protocol/ids.ts';
import { commandTtlMs } from '@sylk/protocol/limits.ts';
import type { SessionResume } from '@sylk/protocol/sylkrtc/requests.ts';
import type { AddedAccount } from '../../ports/connections.ts';
import type { Crypto } from '../../ports/crypto.ts';
import type { SessionRecord } from '../../ports/sessions.ts';
import { askersRecord, findAdded } from '../account/added.ts';
import { RequestError, unknownSession } from '../errors.ts';
import { acknowledged, type Outcome } from '../outcome.ts';
import type { Asker, Services } from '../services.ts';
import { moveTo } from './attach.ts';
import { toAttachment } from './attachment.ts';
import { lossEvent } from './loss-event.ts';

/** Connections that resume the same session at the same instant settle in a few rounds: each round has a winner. */
const maxRounds = 5;

/**
 * `session-resume`: this connection takes a session over. The edge acknowledges, replays and tells the old connection.
 * Whatever is wrong looks the same from outside, so that nobody can find out which sessions exist.
 */
export const sessionResume = async (services: Services, asker: Asker, request: SessionResume): Promise<Outcome> => {
  const added = findAdded(services, await askersRecord(services, asker), request.account);
  if (added === undefined || !added.isVerified) throw unknownSession(request.session);
  for (let round = 0; round < maxRounds; round += 1) {
    const stored = await findResumable(services, added, request);
    if (stored === undefined) break;
    // A device keeps the id under which the session is stored, even if this connection goes by another.
    const place = { ...toAttachment(added, asker.connection, 0), device: stored.key.device };
    const moved = await moveTo(services, stored, place);
    if (moved !== undefined) return handOver(services, moved, request);
  }
  if (await isLost(services, added, request)) return tellLoss(request);
  throw unknownSession(request.session);
};

const findResumable = async (
  { store, clock, crypto }: Services,
  { aor }: AddedAccount,
  request: SessionResume,
): Promise<SessionRecord | undefined> => {
  const records = await store.sessions.ofCall(aor, sessionId(request.session), clock.now());
  return records.find(hasSecret(crypto, request));
};

const hasSecret = (crypto: Crypto, { secret }: SessionResume) => {
  const hash = crypto.sha256(secret);
  return ({ secretHash }: SessionRecord): boolean => secretHash !== undefined && crypto.isEqual(secretHash, hash);
};

const handOver = async (
  { crypto, log, directory }: Services,
  { owner, attachment }: SessionRecord,
  request: SessionResume,
): Promise<Outcome> => {
  // Most likely it is about to be declared lost: then this connection is told.
  if (!(await directory.isAlive(owner)))
    throw new RequestError('no-edge', 'The media server of this call does not answer, try again');
  const ids = { connectionId: attachment.connection, session: request.session, edgeId: owner.edge };
  log.info({ ...ids, epoch: attachment.epoch }, 'a session was resumed');
  const id = crypto.token(12);
  return {
    commands: [{ to: owner.edge, command: { kind: 'resume', id, ttlMs: commandTtlMs, from: attachment, request } }],
  };
};

/** Whether the call has ended with its edge, so that its client may not have heard the end. */
const isLost = async (
  { store, clock, crypto }: Services,
  { aor }: AddedAccount,
  request: SessionResume,
): Promise<boolean> => {
  const records = await store.sessions.lostOf(aor, sessionId(request.session), clock.now());
  return records.some(hasSecret(crypto, request));
};

/** The end is the next event that this client waits for, whatever else its edge may have had for it. */
const tellLoss = (request: SessionResume): Outcome => ({
  ...acknowledged(request),
  events: [lossEvent(request.session, request.last_event + 1)],
});
