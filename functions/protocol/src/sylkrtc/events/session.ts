/** Events of a call: `{"sylkrtc":"session-event","session":...,"event":...}`. */
import * as z from 'zod';
import { boolean, id, integer, optional, sdp, string } from '../fields.ts';
import { headerMap, sipIdentity } from '../parts.ts';
import { dispositionFields, messageFields } from './message.ts';

const sessionEventFields = {
  sylkrtc: z.literal('session-event'),
  session: id,
  /** Addition: number among the events of this session and device, from 1 without gaps, where it can be resumed. */
  seq: optional(integer),
};
const stateFields = { ...sessionEventFields, event: z.literal('state') };

export const sessionStateEvent = z.discriminatedUnion('state', [
  z.object({ ...stateFields, state: z.literal('progress') }),
  /** `code` of a provisional SIP response. */
  z.object({ ...stateFields, state: z.literal('proceeding'), code: integer }),
  z.object({ ...stateFields, state: z.literal('ringing') }),
  z.object({ ...stateFields, state: z.literal('early-media'), sdp: optional(sdp), call_id: optional(id) }),
  z.object({
    ...stateFields,
    state: z.literal('accepted'),
    sdp: optional(sdp),
    call_id: optional(id),
    headers: optional(headerMap),
  }),
  z.object({ ...stateFields, state: z.literal('established') }),
  /** `reason` is `<code> <phrase>`, as `486 Busy Here`. */
  z.object({ ...stateFields, state: z.literal('terminated'), reason: optional(string) }),
]);
export type SessionStateEvent = z.infer<typeof sessionStateEvent>;

const updateFields = { ...sessionEventFields, event: z.literal('update') };
const updateOutcomeFields = {
  ...updateFields,
  /** Addition: of the `session-update` or `session-resume` whose offer this answers. */
  transaction: optional(id),
};

export const sessionUpdateEvent = z.discriminatedUnion('state', [
  z.object({ ...updateFields, state: z.literal('received'), sdp: optional(sdp) }),
  z.object({ ...updateOutcomeFields, state: z.literal('accepted'), sdp: optional(sdp) }),
  z.object({ ...updateOutcomeFields, state: z.literal('failed'), reason: optional(string) }),
]);
export type SessionUpdateEvent = z.infer<typeof sessionUpdateEvent>;

export const sessionMessageEvent = z.object({ ...sessionEventFields, event: z.literal('message'), ...messageFields });
export type SessionMessageEvent = z.infer<typeof sessionMessageEvent>;

export const sessionDispositionNotificationEvent = z.object({
  ...sessionEventFields,
  event: z.literal('disposition-notification'),
  ...dispositionFields,
});
export type SessionDispositionNotificationEvent = z.infer<typeof sessionDispositionNotificationEvent>;

/** Addition: the far side holds or resumed; the gateway has answered it. */
export const sessionHoldEvent = z.object({ ...sessionEventFields, event: z.literal('hold'), held: boolean });
export type SessionHoldEvent = z.infer<typeof sessionHoldEvent>;

/** Addition: the far side pressed a key; `duration` in ms. */
export const sessionDtmfEvent = z.object({
  ...sessionEventFields,
  event: z.literal('dtmf'),
  digit: z.string().regex(/^[0-9*#A-D]$/),
  duration: integer,
});
export type SessionDtmfEvent = z.infer<typeof sessionDtmfEvent>;

/** Addition: media to this client was lost (restart ICE by `session-update`) or is back. */
export const sessionMediaEvent = z.object({
  ...sessionEventFields,
  event: z.literal('media'),
  state: z.enum(['lost', 'up']),
});
export type SessionMediaEvent = z.infer<typeof sessionMediaEvent>;

const transferFields = { ...sessionEventFields, event: z.literal('transfer') };

/** Addition: how far a transfer that this client asked for is; after `accepted` the call ends for it. */
export const sessionTransferEvent = z.discriminatedUnion('state', [
  z.object({ ...transferFields, state: z.literal('trying') }),
  z.object({ ...transferFields, state: z.literal('ringing') }),
  z.object({ ...transferFields, state: z.literal('accepted') }),
  /** The call goes on as it was. `reason` is `<code> <phrase>`. */
  z.object({ ...transferFields, state: z.literal('failed'), reason: string }),
]);
export type SessionTransferEvent = z.infer<typeof sessionTransferEvent>;

/** Addition: the far side has handed this call on; `originator` is who this client talks to now. */
export const sessionTransferredEvent = z.object({
  ...sessionEventFields,
  event: z.literal('transferred'),
  originator: sipIdentity,
});
export type SessionTransferredEvent = z.infer<typeof sessionTransferredEvent>;

/** Addition: another connection has resumed the session; the last event of it on this one. */
export const sessionReplacedEvent = z.object({
  sylkrtc: z.literal('session-event'),
  session: id,
  event: z.literal('replaced'),
});
export type SessionReplacedEvent = z.infer<typeof sessionReplacedEvent>;

export const sessionEvent = z.discriminatedUnion('event', [
  sessionStateEvent,
  sessionUpdateEvent,
  sessionMessageEvent,
  sessionDispositionNotificationEvent,
  sessionHoldEvent,
  sessionDtmfEvent,
  sessionMediaEvent,
  sessionTransferEvent,
  sessionTransferredEvent,
  sessionReplacedEvent,
]);
export type SessionEvent = z.infer<typeof sessionEvent>;
