import type { SessionRecord } from '../../ports/sessions.ts';
import type { Services } from '../services.ts';
import { bindingOf } from './claim.ts';

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
  const here = wanted.attachment.connection;
  if (stored.attachment.connection !== here) {
    const isSameSecret = stored.secretHash !== undefined && stored.secretHash === wanted.secretHash;
    return isSameSecret ? moveTo(services, stored, wanted.attachment) : undefined;
  }
  // An earlier try has placed it elsewhere: the binding follows.
  const at = services.clock.now();
  if (!isSameOwner(stored, wanted)) await services.store.bindings.bind(bindingOf(stored, at), at);
  return stored;
};

/**
 * Moves a session to another connection: binds it there, raises the epoch, frees the old connection.
 * A crash after the first step is repaired by the client's next try, after the second by the expiry of the old binding.
 *
 * @returns undefined when another connection was faster, or the id is in use on this one
 */
export const moveTo = async (
  { store, clock }: Services,
  stored: SessionRecord,
  place: SessionRecord['attachment'],
): Promise<SessionRecord | undefined> => {
  const former = stored.attachment;
  const attachment = { ...place, epoch: former.epoch + 1 };
  const moved = { ...stored, attachment };
  if (!(await store.bindings.bind(bindingOf(moved, clock.now()), clock.now()))) return undefined;
  if (!(await store.sessions.attach(stored.key, attachment))) {
    await store.bindings.release(place.connection, stored.key.session, attachment.epoch);
    return undefined;
  }
  if (former.connection !== place.connection) {
    await store.bindings.release(former.connection, stored.key.session, former.epoch);
  }
  return moved;
};

const isSameOwner = ({ owner }: SessionRecord, other: SessionRecord): boolean =>
  owner.edge === other.owner.edge && owner.generation === other.owner.generation;
