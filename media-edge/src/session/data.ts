import type { Attachment } from '@sylk/protocol/edge/commands.ts';
import type { SessionKey } from '@sylk/protocol/ids.ts';
import type { Reply } from '@sylk/protocol/sylkrtc/replies.ts';
import { type Journal, record } from './journal.ts';
import type { KeptEvent, SessionEffect } from './messages.ts';
import { type KeptReplies, keepReply } from './replies.ts';
import type { SessionState } from './state.ts';

/** All that is known of one session; every step makes a new one. */
export interface SessionData {
  readonly key: SessionKey;
  readonly direction: 'outgoing' | 'incoming';
  readonly state: SessionState;
  readonly isAnswered: boolean;
  /** Who speaks for the session; the last one, if the connection is gone. */
  readonly attachment: Attachment;
  readonly isDetached: boolean;
  /** The client gave a secret to come back with. */
  readonly canResume: boolean;
  readonly media: 'none' | 'up' | 'lost';
  /** The offer that the client has not answered yet. */
  readonly offered: string | undefined;
  readonly journal: Journal<KeptEvent>;
  readonly replies: KeptReplies;
}

export type SessionStep = readonly [SessionData, readonly SessionEffect[]];

/** Puts an event into the journal and sends it, unless nobody is there to take it. */
export function emit(data: SessionData, event: KeptEvent): SessionStep {
  const journal = record(data.journal, event);
  const after = { ...data, journal };
  return [after, data.isDetached ? [] : [postEvent(after, journal.lastSeq, event)]];
}

/** Answers a request and remembers the answer for its repetitions. */
export function reply(data: SessionData, to: Attachment, text: Reply): SessionStep {
  return [{ ...data, replies: keepReply(data.replies, text) }, [postReply(to, text)]];
}

export const postReply = (to: Attachment, text: Reply): SessionEffect => ({
  do: 'post',
  connection: to.connection,
  message: text,
});

/** Numbers are shown to clients that can come back, and while a call rings, as it is not known yet who can. */
export function postEvent(data: SessionData, seq: number, event: KeptEvent): SessionEffect {
  const isRinging = data.direction === 'incoming' && !data.isAnswered;
  const message = data.canResume || isRinging ? { ...event, seq } : event;
  return { do: 'post', connection: data.attachment.connection, message };
}
