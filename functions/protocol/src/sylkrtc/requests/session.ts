/** Requests about calls. Fields stand in the order in which they are checked. */
import * as z from 'zod';
import { address, calledAddress, id, integer, optional, sdp, string } from '../fields.ts';
import { headers, iceCandidates } from '../parts.ts';

const sessionRequest = { transaction: id, session: id };

// Not repeated in the error text: it is a secret. 22 characters of this alphabet hold 128 bits.
const secret = z.string().regex(/^[\w-]{22,128}$/, {
  error: "invalid resume secret, expected 22 to 128 letters, digits, '_' or '-'",
});

export const sessionCreate = z.object({
  sylkrtc: z.literal('session-create'),
  ...sessionRequest,
  account: address,
  uri: calledAddress,
  sdp,
  headers: optional(headers),
  /** Addition: the secret that later resumes this session. */
  resume: optional(secret),
});
export type SessionCreate = z.infer<typeof sessionCreate>;

export const sessionAnswer = z.object({
  sylkrtc: z.literal('session-answer'),
  ...sessionRequest,
  sdp,
  headers: optional(headers),
  /** Addition: the secret that later resumes this session. */
  resume: optional(secret),
});
export type SessionAnswer = z.infer<typeof sessionAnswer>;

export const sessionTrickle = z.object({
  sylkrtc: z.literal('session-trickle'),
  ...sessionRequest,
  candidates: iceCandidates,
});
export type SessionTrickle = z.infer<typeof sessionTrickle>;

export const sessionTerminate = z.object({
  sylkrtc: z.literal('session-terminate'),
  ...sessionRequest,
  /** Addition: the SIP status with which an unanswered call is declined. */
  code: optional(integer.min(400).max(699)),
});
export type SessionTerminate = z.infer<typeof sessionTerminate>;

export const sessionUpdate = z.object({
  sylkrtc: z.literal('session-update'),
  ...sessionRequest,
  sdp,
  headers: optional(headers),
});
export type SessionUpdate = z.infer<typeof sessionUpdate>;

export const sessionMessage = z.object({
  sylkrtc: z.literal('session-message'),
  ...sessionRequest,
  message_id: id,
  content: string,
  content_type: id,
  timestamp: id,
});
export type SessionMessage = z.infer<typeof sessionMessage>;

export const sessionDtmfInfo = z.object({
  sylkrtc: z.literal('session-dtmf-info'),
  ...sessionRequest,
  /** One digit or several, as the client's user gave them. */
  digit: id,
  /** Of each digit, in ms; 0 or absent: what the gateway sees fit. */
  duration: optional(integer),
});
export type SessionDtmfInfo = z.infer<typeof sessionDtmfInfo>;

/** Addition: goes on with a session on a new connection, once its account has been added there. */
export const sessionResume = z.object({
  sylkrtc: z.literal('session-resume'),
  transaction: id,
  account: address,
  session: id,
  secret,
  /** `seq` of the last session event that arrived, 0 if none did. */
  last_event: integer.min(0),
  /** An ICE-restart offer. */
  sdp: optional(sdp),
});
export type SessionResume = z.infer<typeof sessionResume>;

/** Addition: all session events up to `seq` have arrived; the gateway need not keep them. */
export const sessionAck = z.object({ sylkrtc: z.literal('session-ack'), ...sessionRequest, seq: integer.min(0) });
export type SessionAck = z.infer<typeof sessionAck>;

/**
 * Addition: the far side of this call is to talk to somebody else: to whoever is at `uri`, or to the far side of
 * `replaces_session`, another answered call of the same account and device. Exactly one of the two is given.
 */
export const sessionTransfer = z
  .object({
    sylkrtc: z.literal('session-transfer'),
    ...sessionRequest,
    uri: optional(address),
    replaces_session: optional(id),
  })
  .refine(({ uri, replaces_session }) => isGiven(uri) !== isGiven(replaces_session), {
    error: "session-transfer needs either 'uri' or 'replaces_session'",
  });
export type SessionTransfer = z.infer<typeof sessionTransfer>;

const isGiven = (field: string | null | undefined): boolean => field !== undefined && field !== null;

/** Addition: this device rings for an incoming session. */
export const sessionRinging = z.object({ sylkrtc: z.literal('session-ringing'), ...sessionRequest });
export type SessionRinging = z.infer<typeof sessionRinging>;
