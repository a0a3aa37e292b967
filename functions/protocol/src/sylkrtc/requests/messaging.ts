/** Requests about messages and conversations. Fields stand in the order in which they are checked. */
import * as z from 'zod';
import { address, boolean, id, integer, optional, string } from '../fields.ts';

const accountRequest = { transaction: id, account: address };

export const accountMessage = z.object({
  sylkrtc: z.literal('account-message'),
  ...accountRequest,
  uri: address,
  message_id: id,
  content: string,
  content_type: id,
  timestamp: id,
  server_generated: optional(boolean),
});
export type AccountMessage = z.infer<typeof accountMessage>;

export const accountDispositionNotification = z.object({
  sylkrtc: z.literal('account-disposition-notification'),
  ...accountRequest,
  uri: address,
  message_id: id,
  state: z.enum(['delivered', 'failed', 'displayed', 'forbidden', 'error']),
  timestamp: id,
});
export type AccountDispositionNotification = z.infer<typeof accountDispositionNotification>;

export const accountSyncConversations = z.object({
  sylkrtc: z.literal('account-sync-conversations'),
  ...accountRequest,
  message_id: optional(id),
  since: optional(id),
  /** Most entries wanted. Absent: 5000; `null`: all. */
  limit: optional(integer),
});
export type AccountSyncConversations = z.infer<typeof accountSyncConversations>;

export const accountMarkConversationRead = z.object({
  sylkrtc: z.literal('account-mark-conversation-read'),
  ...accountRequest,
  contact: address,
});
export type AccountMarkConversationRead = z.infer<typeof accountMarkConversationRead>;

export const accountRemoveMessage = z.object({
  sylkrtc: z.literal('account-remove-message'),
  ...accountRequest,
  message_id: id,
  contact: address,
});
export type AccountRemoveMessage = z.infer<typeof accountRemoveMessage>;

export const accountRemoveConversation = z.object({
  sylkrtc: z.literal('account-remove-conversation'),
  ...accountRequest,
  contact: address,
});
export type AccountRemoveConversation = z.infer<typeof accountRemoveConversation>;
