/**
 * Messages outside calls between edge and signaling: texts, what became of them, and who is writing.
 * Signaling stores and decides; an edge only turns them into SIP (RFC 3428) and back.
 */
import * as z from 'zod';
import { maxMessageBytes } from '../limits.ts';
import { count, text } from './fields.ts';
import { ringingPhone } from './phones.ts';

const content = z.string().max(maxMessageBytes);

const composing = z.object({
  kind: z.literal('composing'),
  state: z.enum(['active', 'idle']),
  contentType: text.optional(),
  refreshSec: count,
});

const textPage = {
  kind: z.literal('message'),
  /** IMDN Message-ID, or what an edge makes of the request's own names: the same for a repetition. */
  message: text,
  contentType: text,
  content,
  wantsDelivery: z.boolean(),
  wantsDisplay: z.boolean(),
};

/** What an edge sends; `at` is the time of the message itself, in ms since 1970. */
export const outgoingPage = z.discriminatedUnion('kind', [
  z.object({ ...textPage, at: count }),
  z.object({
    kind: z.literal('disposition'),
    message: text,
    at: count,
    state: z.enum(['delivered', 'displayed', 'error']),
  }),
  composing,
]);
export type OutgoingPage = z.infer<typeof outgoingPage>;

/** What came to an edge; `at` is the writer's word, if it gave one. */
export const incomingPage = z.discriminatedUnion('kind', [
  z.object({ ...textPage, at: count.optional() }),
  z.object({
    kind: z.literal('disposition'),
    message: text,
    state: z.enum(['on-its-way', 'delivered', 'displayed', 'failed', 'error']),
  }),
  composing,
]);
export type IncomingPage = z.infer<typeof incomingPage>;

/**
 * `stored` is 200, `away` 202 (kept for whoever signs in), `unknown` and `blocked` 404, `expired` 410,
 * `forbidden` 403, `limited` 480 with Retry-After. `phones` are those of the account that get a copy.
 */
export const pageAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.enum(['stored', 'away']), phones: z.array(ringingPhone).readonly().optional() }),
  z.object({ status: z.literal('limited'), retryAfterS: count }),
  z.object({ status: z.enum(['unknown', 'expired', 'blocked', 'forbidden']) }),
]);
export type PageAnswer = z.infer<typeof pageAnswer>;
