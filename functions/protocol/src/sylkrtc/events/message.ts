/** What account and session events about instant messages have in common. */
import * as z from 'zod';
import { id, integer, optional, string } from '../fields.ts';
import { sipIdentity } from '../parts.ts';

export const messageFields = {
  sender: sipIdentity,
  timestamp: id,
  disposition_notification: optional(z.array(id).readonly()),
  message_id: id,
  content_type: id,
  content: string,
  direction: optional(id),
};

export const dispositionFields = {
  message_id: id,
  message_timestamp: id,
  state: z.enum(['accepted', 'delivered', 'displayed', 'failed', 'processed', 'stored', 'forbidden', 'error']),
  /** SIP status. */
  code: integer,
  reason: string,
};
