/** The two answers to a request: exactly one of them comes for each request that is well-formed. */
import * as z from 'zod';
import { id, string } from './fields.ts';

/** Accepted; what becomes of it follows as events. */
export const ack = z.object({ sylkrtc: z.literal('ack'), transaction: id });
export type Ack = z.infer<typeof ack>;

export const errorReply = z.object({ sylkrtc: z.literal('error'), transaction: id, error: string });
export type ErrorReply = z.infer<typeof errorReply>;

export const reply = z.discriminatedUnion('sylkrtc', [ack, errorReply]);
export type Reply = z.infer<typeof reply>;
