import { idempotencyMs } from '@sylk/protocol/limits.ts';
import type { SessionEnding, SessionRecord } from '../../ports/sessions.ts';
import type { Services } from '../services.ts';

/**
 * Ends a session; it is remembered for a while, so that late requests do not begin it anew.
 *
 * @returns its record if this call ended it
 */
export const endSession = async (
  { store, clock }: Services,
  key: SessionRecord['key'],
  ending: SessionEnding = {},
): Promise<SessionRecord | undefined> => {
  const end = await store.sessions.end(key, clock.now() + idempotencyMs, ending);
  return end?.isFirst ? end.record : undefined;
};
