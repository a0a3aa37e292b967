/** Requests about video rooms. Fields stand in the order in which they are checked. */
import * as z from 'zod';
import { maxInvitees } from '../../limits.ts';
import { address, boolean, id, integer, optional, sdp, string, unique } from '../fields.ts';
import { iceCandidates } from '../parts.ts';

/** `session` is one's own membership of a room, or one of its feeds where that is said. */
const roomRequest = { transaction: id, session: id };

export const videoroomJoin = z.object({
  sylkrtc: z.literal('videoroom-join'),
  ...roomRequest,
  account: address,
  uri: address,
  sdp,
  /** Both count for the first who joins only. Absent: true. */
  audio: optional(boolean),
  video: optional(boolean),
});
export type VideoroomJoin = z.infer<typeof videoroomJoin>;

export const videoroomLeave = z.object({ sylkrtc: z.literal('videoroom-leave'), ...roomRequest });
export type VideoroomLeave = z.infer<typeof videoroomLeave>;

export const videoroomConfigure = z.object({
  sylkrtc: z.literal('videoroom-configure'),
  ...roomRequest,
  active_participants: z
    .array(id)
    .transform(unique)
    .refine((list) => list.length <= 2, { error: "the value's length must be between 0 and 2 inclusive" }),
});
export type VideoroomConfigure = z.infer<typeof videoroomConfigure>;

export const videoroomFeedAttach = z.object({
  sylkrtc: z.literal('videoroom-feed-attach'),
  ...roomRequest,
  publisher: id,
  feed: id,
});
export type VideoroomFeedAttach = z.infer<typeof videoroomFeedAttach>;

export const videoroomFeedAnswer = z.object({
  sylkrtc: z.literal('videoroom-feed-answer'),
  ...roomRequest,
  feed: id,
  sdp,
});
export type VideoroomFeedAnswer = z.infer<typeof videoroomFeedAnswer>;

export const videoroomFeedDetach = z.object({ sylkrtc: z.literal('videoroom-feed-detach'), ...roomRequest, feed: id });
export type VideoroomFeedDetach = z.infer<typeof videoroomFeedDetach>;

export const videoroomInvite = z.object({
  sylkrtc: z.literal('videoroom-invite'),
  ...roomRequest,
  participants: z.array(address).max(maxInvitees).transform(unique),
});
export type VideoroomInvite = z.infer<typeof videoroomInvite>;

/** `session` is a membership or a feed. */
export const videoroomSessionTrickle = z.object({
  sylkrtc: z.literal('videoroom-session-trickle'),
  ...roomRequest,
  candidates: iceCandidates,
});
export type VideoroomSessionTrickle = z.infer<typeof videoroomSessionTrickle>;

/** `session` is a membership or a feed. */
export const videoroomSessionUpdate = z.object({
  sylkrtc: z.literal('videoroom-session-update'),
  ...roomRequest,
  options: z.object({ audio: optional(boolean), video: optional(boolean), bitrate: optional(integer) }),
});
export type VideoroomSessionUpdate = z.infer<typeof videoroomSessionUpdate>;

export const videoroomMessage = z.object({
  sylkrtc: z.literal('videoroom-message'),
  ...roomRequest,
  message_id: id,
  content: string,
  content_type: id,
});
export type VideoroomMessage = z.infer<typeof videoroomMessage>;

export const videoroomComposingIndication = z.object({
  sylkrtc: z.literal('videoroom-composing-indication'),
  ...roomRequest,
  state: z.enum(['active', 'idle']),
  /** In seconds. */
  refresh: optional(integer),
});
export type VideoroomComposingIndication = z.infer<typeof videoroomComposingIndication>;

export const videoroomMuteAudioParticipants = z.object({
  sylkrtc: z.literal('videoroom-mute-audio-participants'),
  ...roomRequest,
});
export type VideoroomMuteAudioParticipants = z.infer<typeof videoroomMuteAudioParticipants>;

export const videoroomToggleHand = z.object({
  sylkrtc: z.literal('videoroom-toggle-hand'),
  ...roomRequest,
  /** Another participant's hand; absent or empty: one's own. */
  session_id: optional(id),
});
export type VideoroomToggleHand = z.infer<typeof videoroomToggleHand>;
