import type { SessionRecord } from '../../ports/sessions.ts';
import type { Services } from '../services.ts';

/**
 * Makes the connection of `wanted` the one that speaks for a session that this claimant holds already.
 * A client that lost its connection before the answer repeats its request on the next one.
 *
 * @param stored what the store has for the session
 * @param wanted what the request would have stored; both must carry the same secret, or be of the same connection
 * @returns the record as it stands now, undefined when the request may not have it
 */
export const attachHere = async (
  services: Services,
  stored: SessionRecord,
  wanted: SessionRecord,
): Promise<SessionRecord | undefined> => {
  if (stored.attachment.connection === wanted.attachment.connection) return stored;
  const isSameSecret = stored.secretHash !== undefined && stored.secretHash === wanted.secretHash;
  return isSameSecret ? moveTo(services, stored, wanted.attachment) : undefined;
};

/**
 * Moves a session to another connection, which raises its epoch: the former one speaks for it no more.
 *
 * @returns undefined when another connection was faster
 */
export const moveTo = async (
  { store }: Services,
  stored: SessionRecord,
  place: SessionRecord['attachment'],
): Promise<SessionRecord | undefined> => {
  const attachment = { ...place, epoch: stored.attachment.epoch + 1 };
  const isMoved = await store.sessions.attach(stored.key, attachment);
  return isMoved ? { ...stored, attachment } : undefined;
};
