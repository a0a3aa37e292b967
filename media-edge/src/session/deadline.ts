import { resumeGraceMs, returnGraceMs, terminatedKeptMs } from '@sylk/protocol/limits.ts';
import type { SessionData } from './data.ts';
import type { SessionEffect } from './messages.ts';

/** Why a session does not live for ever as it is, and how long it may from the moment when that became so. */
export interface Deadline {
  readonly why: 'cannotReturn' | 'unheard' | 'clientGone' | 'mediaLost' | 'overAndSeen' | 'overUnseen';
  readonly ms: number;
}

/**
 * The deadline that a session is under. It starts anew when `why` changes: a client that loses first its
 * socket and then its media has the whole grace from the second loss.
 */
export function deadlineOf(data: SessionData): Deadline | undefined {
  if (data.state === 'terminated') return afterTheEnd(data);
  if (data.isDetached && cannotReturn(data)) return { why: 'cannotReturn', ms: 0 };
  if (data.isDetached && isUnheard(data)) return { why: 'unheard', ms: returnGraceMs };
  if (data.isDetached && data.media !== 'up') return { why: 'clientGone', ms: resumeGraceMs };
  return data.media === 'lost' ? { why: 'mediaLost', ms: resumeGraceMs } : undefined;
}

export function whenTimeIsUp(data: SessionData): readonly SessionEffect[] {
  const why = deadlineOf(data)?.why;
  if (why === undefined) return [];
  if (data.state === 'terminated') return [{ do: 'forget' }];
  return [{ do: 'act', act: { kind: 'hangUp', why: why === 'mediaLost' ? 'mediaLost' : 'clientGone' } }];
}

/**
 * A stock client never comes back to a call: its connection is its device, so what signs in later is another one.
 * A device with an id of its own may sign in again while it rings.
 */
function cannotReturn(data: SessionData): boolean {
  if (data.canResume) return false;
  const isRinging = data.direction === 'incoming' && !data.isAnswered;
  return !isRinging || String(data.key.device) === String(data.attachment.connection);
}

/** Nobody has said that it rings there: perhaps there is nobody any more. */
const isUnheard = ({ direction, isAnswered, replies }: SessionData): boolean =>
  direction === 'incoming' && !isAnswered && replies.length === 0;

/** A client that can resume may have lost its socket just before the last event. */
function afterTheEnd(data: SessionData): Deadline {
  if (!data.canResume) return { why: 'overAndSeen', ms: 0 };
  return data.isDetached ? { why: 'overUnseen', ms: resumeGraceMs } : { why: 'overAndSeen', ms: terminatedKeptMs };
}
