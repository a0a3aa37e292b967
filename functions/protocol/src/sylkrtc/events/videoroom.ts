/** Events of a video room: `{"sylkrtc":"videoroom-event","session":...,"event":...}`; `session` is one's own membership. */
import * as z from 'zod';
import { boolean, id, integer, optional, sdp, string } from '../fields.ts';
import { publisher, sharedFile, sipIdentity } from '../parts.ts';

const roomEventFields = { sylkrtc: z.literal('videoroom-event'), session: id };
const stateFields = { ...roomEventFields, event: z.literal('session-state') };

export const videoroomSessionStateEvent = z.discriminatedUnion('state', [
  z.object({ ...stateFields, state: z.literal('progress') }),
  z.object({
    ...stateFields,
    state: z.literal('accepted'),
    sdp,
    audio: optional(boolean),
    video: optional(boolean),
  }),
  z.object({ ...stateFields, state: z.literal('established') }),
  z.object({ ...stateFields, state: z.literal('terminated'), reason: optional(string) }),
]);
export type VideoroomSessionStateEvent = z.infer<typeof videoroomSessionStateEvent>;

export const initialPublishersEvent = z.object({
  ...roomEventFields,
  event: z.literal('initial-publishers'),
  publishers: z.array(publisher).readonly(),
});
export type InitialPublishersEvent = z.infer<typeof initialPublishersEvent>;

/** `originator` is a membership, or `videoroom`. */
export const videoroomConfigureEvent = z.object({
  ...roomEventFields,
  event: z.literal('configure'),
  originator: id,
  active_participants: z.array(id).max(2).readonly(),
});
export type VideoroomConfigureEvent = z.infer<typeof videoroomConfigureEvent>;

export const publishersJoinedEvent = z.object({
  ...roomEventFields,
  event: z.literal('publishers-joined'),
  publishers: z.array(publisher).readonly(),
});
export type PublishersJoinedEvent = z.infer<typeof publishersJoinedEvent>;

export const publishersLeftEvent = z.object({
  ...roomEventFields,
  event: z.literal('publishers-left'),
  publishers: z.array(id).readonly(),
});
export type PublishersLeftEvent = z.infer<typeof publishersLeftEvent>;

export const feedAttachedEvent = z.object({ ...roomEventFields, event: z.literal('feed-attached'), feed: id, sdp });
export type FeedAttachedEvent = z.infer<typeof feedAttachedEvent>;

export const feedEstablishedEvent = z.object({ ...roomEventFields, event: z.literal('feed-established'), feed: id });
export type FeedEstablishedEvent = z.infer<typeof feedEstablishedEvent>;

export const fileSharingEvent = z.object({
  ...roomEventFields,
  event: z.literal('file-sharing'),
  files: z.array(sharedFile).readonly(),
});
export type FileSharingEvent = z.infer<typeof fileSharingEvent>;

export const videoroomMessageEvent = z.object({
  ...roomEventFields,
  event: z.literal('message'),
  type: z.enum(['normal', 'status']),
  content: string,
  content_type: id,
  sender: sipIdentity,
  timestamp: id,
});
export type VideoroomMessageEvent = z.infer<typeof videoroomMessageEvent>;

/** `refresh` in seconds. */
export const composingIndicationEvent = z.object({
  ...roomEventFields,
  event: z.literal('composing-indication'),
  state: id,
  refresh: integer,
  content_type: id,
  sender: sipIdentity,
});
export type ComposingIndicationEvent = z.infer<typeof composingIndicationEvent>;

export const messageDeliveryEvent = z.object({
  ...roomEventFields,
  event: z.literal('message-delivery'),
  message_id: id,
  delivered: boolean,
  code: integer,
  reason: string,
});
export type MessageDeliveryEvent = z.infer<typeof messageDeliveryEvent>;

export const muteAudioEvent = z.object({ ...roomEventFields, event: z.literal('mute-audio'), originator: id });
export type MuteAudioEvent = z.infer<typeof muteAudioEvent>;

export const raisedHandsEvent = z.object({
  ...roomEventFields,
  event: z.literal('raised-hands'),
  raised_hands: z.array(id).readonly(),
});
export type RaisedHandsEvent = z.infer<typeof raisedHandsEvent>;

/** Known to clients; the reference server never sends it. */
export const conferenceAudioLevelsEvent = z.object({
  ...roomEventFields,
  event: z.literal('conference-audio-levels'),
  levels: z.array(z.object({ participant_id: id, rx_peak: optional(integer), rx: optional(integer) })).readonly(),
});
export type ConferenceAudioLevelsEvent = z.infer<typeof conferenceAudioLevelsEvent>;

export const videoroomEvent = z.discriminatedUnion('event', [
  videoroomSessionStateEvent,
  initialPublishersEvent,
  videoroomConfigureEvent,
  publishersJoinedEvent,
  publishersLeftEvent,
  feedAttachedEvent,
  feedEstablishedEvent,
  fileSharingEvent,
  videoroomMessageEvent,
  composingIndicationEvent,
  messageDeliveryEvent,
  muteAudioEvent,
  raisedHandsEvent,
  conferenceAudioLevelsEvent,
]);
export type VideoroomEvent = z.infer<typeof videoroomEvent>;
