/**
 * What a session request may do in which state, as sylkRTC has it.
 *
 *     outgoing: connecting -> progress -> [early_media] -> accepted -> established
 *     incoming: connecting ------ session-answer -------> accepted -> established
 *     established <-> local-updating (our client offered)    established <-> remote-updating (we offered)
 *     any -> terminated
 */

import { maxMessageContentBytes } from '@sylk/protocol/limits.ts';
import type { SessionRequest } from '@sylk/protocol/sylkrtc/requests.ts';
import { utf8Length } from '@sylk/protocol/utf8-length.ts';
import { sdpRole } from './sdp-role.ts';

/** Spelled as in the error texts; the event for `early_media` is `early-media`. */
export type SessionState =
  | 'connecting'
  | 'progress'
  | 'early_media'
  | 'accepted'
  | 'established'
  | 'local-updating'
  | 'remote-updating'
  | 'terminated';

export interface Situation {
  readonly direction: 'outgoing' | 'incoming';
  readonly state: SessionState;
  /** Incoming: the client has answered; what the call makes of it is not known yet. */
  readonly isAnswered: boolean;
}

/** @returns the error text for a request that this situation does not allow */
export function refusal(request: SessionRequest, situation: Situation): string | undefined {
  const { session } = request;
  const { state } = situation;
  if (state === 'terminated') return afterTheEnd(request);
  switch (request.sylkrtc) {
    case 'session-create':
      return `Session ID ${session} already in use`;
    case 'session-answer':
      return answerRefusal(session, situation);
    case 'session-update':
      return updateRefusal(session, state, request.sdp);
    case 'session-message':
      return messageRefusal(session, state, request.content);
    case 'session-dtmf-info':
      return dtmfRefusal(session, state, request.digit);
    case 'session-transfer':
      if (talkingStates.has(state)) return undefined;
      return `Invalid state for transferring session ${session}: ${state}`;
    case 'session-trickle':
    case 'session-terminate':
    case 'session-ack':
    case 'session-ringing':
      return undefined;
  }
}

/** A session that is over is unknown, but its last events may still be acknowledged. */
function afterTheEnd(request: SessionRequest): string | undefined {
  if (request.sylkrtc === 'session-ack') return undefined;
  if (request.sylkrtc === 'session-trickle') return `Session ${request.session} is terminated`;
  return unknownSession(request.session);
}

export const unknownSession = (session: string): string => `Unknown session ${session}`;

function answerRefusal(session: string, { direction, state, isAnswered }: Situation): string | undefined {
  if (direction === 'outgoing') return `Cannot answer outgoing session ${session}`;
  if (state === 'connecting' && !isAnswered) return undefined;
  return `Invalid state for answering session ${session}: ${isAnswered && state === 'connecting' ? 'accepted' : state}`;
}

/** In `established` only an offer makes sense: an answer there comes too late for its offer. */
function updateRefusal(session: string, state: SessionState, sdp: string): string | undefined {
  if (state === 'remote-updating') return undefined;
  if (state === 'established' && sdpRole(sdp) !== 'answer') return undefined;
  return `Invalid state for updating session ${session}: ${state}`;
}

const writingStates: ReadonlySet<SessionState> = new Set<SessionState>([
  'established',
  'local-updating',
  'remote-updating',
]);

function messageRefusal(session: string, state: SessionState, content: string): string | undefined {
  if (!writingStates.has(state)) return `Invalid state session ${session}: ${state} for sending messages`;
  const bytes = utf8Length(content);
  if (bytes <= maxMessageContentBytes) return undefined;
  return `The message has ${bytes} bytes, at most ${maxMessageContentBytes} are allowed`;
}

const talkingStates: ReadonlySet<SessionState> = new Set<SessionState>([
  'established',
  'accepted',
  'local-updating',
  'remote-updating',
]);

const dtmfStates: ReadonlySet<SessionState> = new Set<SessionState>([
  'established',
  'accepted',
  'early_media',
  'local-updating',
  'remote-updating',
]);

function dtmfRefusal(session: string, state: SessionState, digits: string): string | undefined {
  if (!dtmfStates.has(state)) return `Invalid state session ${session}: ${state} for DTMF info`;
  if (/^[0-9*#A-Da-d]+$/.test(digits)) return undefined;
  return `invalid digits: ${JSON.stringify(digits)}, expected 0 to 9, *, #, A to D`;
}
