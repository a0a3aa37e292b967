import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type CallId, callId, type LegId, legId, type SessionId, sessionId } from '@sylk/protocol/ids.ts';

/** A Call-ID of our own making, for calls that a browser begins. */
export const newCallId = (domain: string): CallId => callId(`${randomBytes(12).toString('hex')}@${domain}`);

export const newLegId = (): LegId => legId(randomUUID());

/** The id that the called devices know a call by: the MD5 of its Call-ID in the form of a UUID, as sylkRTC has it. */
export function sessionIdOf(call: CallId): SessionId {
  const digest = createHash('md5').update(call).digest('hex');
  return sessionId(digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}
