/** Events of an account: `{"sylkrtc":"account-event","account":...,"event":...}`. */
import * as z from 'zod';
import { digestAlgorithms } from '../../digest-claim.ts';
import { addressbook, contact, group, policy } from '../addressbook.ts';
import { address, boolean, id, integer, optional, sdp, string } from '../fields.ts';
import { headerMap, journalMessage, sipIdentity } from '../parts.ts';
import { dispositionFields, messageFields } from './message.ts';

const accountEventFields = { sylkrtc: z.literal('account-event'), account: address };
const registration = { ...accountEventFields, event: z.literal('registration-state') };

export const registrationStateEvent = z.discriminatedUnion('state', [
  z.object({ ...registration, state: z.literal('registering') }),
  z.object({ ...registration, state: z.literal('registered') }),
  z.object({ ...registration, state: z.literal('failed'), reason: optional(string) }),
]);
export type RegistrationStateEvent = z.infer<typeof registrationStateEvent>;

/** Addition: the provider of an account elsewhere asks for HA1 of another realm or hash than was given. */
export const challengeEvent = z.object({
  ...accountEventFields,
  event: z.literal('challenge'),
  realm: id,
  algorithm: z.enum(digestAlgorithms),
});
export type ChallengeEvent = z.infer<typeof challengeEvent>;

export const incomingSessionEvent = z.object({
  ...accountEventFields,
  event: z.literal('incoming-session'),
  session: id,
  originator: sipIdentity,
  /** Addition: whether the caller has signed in at this address; `false` when it is only what the caller says. */
  verified: optional(boolean),
  sdp,
  /** SIP Call-ID. */
  call_id: id,
  headers: optional(headerMap),
  /** Addition: number among the session's events, from 1. */
  seq: optional(integer),
});
export type IncomingSessionEvent = z.infer<typeof incomingSessionEvent>;

export const missedSessionEvent = z.object({
  ...accountEventFields,
  event: z.literal('missed-session'),
  originator: sipIdentity,
  /** Addition: when the call came, ISO 8601, if that was while nobody was signed in. */
  timestamp: optional(id),
});
export type MissedSessionEvent = z.infer<typeof missedSessionEvent>;

export const conferenceInviteEvent = z.object({
  ...accountEventFields,
  event: z.literal('conference-invite'),
  room: address,
  session_id: id,
  originator: sipIdentity,
});
export type ConferenceInviteEvent = z.infer<typeof conferenceInviteEvent>;

export const accountMessageEvent = z.object({
  ...accountEventFields,
  event: z.literal('message'),
  ...messageFields,
});
export type AccountMessageEvent = z.infer<typeof accountMessageEvent>;

export const accountDispositionNotificationEvent = z.object({
  ...accountEventFields,
  event: z.literal('disposition-notification'),
  ...dispositionFields,
});
export type AccountDispositionNotificationEvent = z.infer<typeof accountDispositionNotificationEvent>;

export const syncConversationsEvent = z.object({
  ...accountEventFields,
  event: z.literal('sync-conversations'),
  messages: z.array(journalMessage).readonly(),
});
export type SyncConversationsEvent = z.infer<typeof syncConversationsEvent>;

/** Addition: somebody writes to this account just now, or has stopped; `refresh` in s (RFC 3994). */
export const accountComposingIndicationEvent = z.object({
  ...accountEventFields,
  event: z.literal('composing-indication'),
  state: id,
  refresh: integer,
  content_type: id,
  sender: sipIdentity,
});
export type AccountComposingIndicationEvent = z.infer<typeof accountComposingIndicationEvent>;

/** Something that another connection of the account did; `content` depends on `type` and `action`. */
export const syncEvent = z.object({
  ...accountEventFields,
  event: z.literal('sync'),
  type: id,
  action: id,
  content: z.record(z.string(), z.unknown()),
});
export type SyncEvent = z.infer<typeof syncEvent>;

/**
 * Addition: whom the account has blocked, and whom it has allowed. With `reset` what was told before is over; without,
 * these are added, and whoever is in one list is not in the other any more. With `more` the next event goes on.
 */
export const contactPolicyEvent = z.object({
  ...accountEventFields,
  event: z.literal('contact-policy'),
  blocked: z.array(address).readonly(),
  allowed: z.array(address).readonly(),
  reset: optional(boolean),
  more: optional(boolean),
});
export type ContactPolicyEvent = z.infer<typeof contactPolicyEvent>;

export const addressbookFetchedEvent = z.object({
  ...accountEventFields,
  event: z.literal('addressbook-fetched'),
  addressbook,
});
export type AddressbookFetchedEvent = z.infer<typeof addressbookFetchedEvent>;

export const addressbookUpdatedEvent = z.object({
  ...accountEventFields,
  event: z.literal('addressbook-updated'),
  type: z.enum(['contact', 'group', 'policy']),
  action: id,
  contact: optional(contact),
  group: optional(group),
  policy: optional(policy),
});
export type AddressbookUpdatedEvent = z.infer<typeof addressbookUpdatedEvent>;

export const addressbookUpdateFailedEvent = z.object({
  ...accountEventFields,
  event: z.literal('addressbook-update-failed'),
  type: z.enum(['contact', 'group', 'policy']),
  action: id,
  error: string,
  id,
});
export type AddressbookUpdateFailedEvent = z.infer<typeof addressbookUpdateFailedEvent>;

export const accountEvent = z.discriminatedUnion('event', [
  registrationStateEvent,
  challengeEvent,
  incomingSessionEvent,
  missedSessionEvent,
  conferenceInviteEvent,
  accountMessageEvent,
  accountDispositionNotificationEvent,
  syncConversationsEvent,
  syncEvent,
  contactPolicyEvent,
  accountComposingIndicationEvent,
  addressbookFetchedEvent,
  addressbookUpdatedEvent,
  addressbookUpdateFailedEvent,
]);
export type AccountEvent = z.infer<typeof accountEvent>;
