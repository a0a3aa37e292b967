import { idempotencyMs, sessionRecordMs } from '@sylk/protocol/limits.ts';
import type { Binding } from '../../ports/bindings.ts';
import type { Claim, SessionEnding, SessionRecord } from '../../ports/sessions.ts';
import type { Services } from '../services.ts';

/** The binding that goes with a session's record, made at `at` (ms since 1970). */
export const bindingOf = ({ key, attachment, owner, claimant }: SessionRecord, at: number): Binding => ({
  session: key.session,
  from: attachment,
  owner,
  claimant,
  // Also while it rings, for what rings may be answered; the end of the session removes it.
  expiresAt: at + sessionRecordMs,
});

/**
 * Claims a session for its connection: first the id on the connection, then the session.
 * A crash in between leaves a binding without a session: requests about it get `Unknown session` from the edge,
 * the same request again completes it, and it expires.
 *
 * @returns what is stored now; undefined when the id is in use on this connection
 */
export const claimSession = async ({ store, clock }: Services, wanted: SessionRecord): Promise<Claim | undefined> => {
  const at = clock.now();
  const { attachment, key } = wanted;
  if (!(await store.bindings.bind(bindingOf(wanted, at), at))) return undefined;
  const claim = await store.sessions.claim(wanted, at);
  if (claim.status !== 'own') await store.bindings.release(attachment.connection, key.session, attachment.epoch);
  return claim;
};

/**
 * Ends a session and frees its id on the connection. After a crash in between a repetition frees it; without one
 * the binding leads to an edge that does not know the session, until it expires.
 *
 * @returns its record if this call ended it
 */
export const endSession = async (
  { store, clock }: Services,
  key: SessionRecord['key'],
  ending: SessionEnding = {},
): Promise<SessionRecord | undefined> => {
  const end = await store.sessions.end(key, clock.now() + idempotencyMs, ending);
  if (end === undefined) return undefined;
  const { connection, epoch } = end.record.attachment;
  await store.bindings.release(connection, key.session, epoch);
  return end.isFirst ? end.record : undefined;
};
