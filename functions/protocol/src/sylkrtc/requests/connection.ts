/** Requests about the connection itself. Fields stand in the order in which they are checked. */
import * as z from 'zod';
import { address, id } from '../fields.ts';

export const ping = z.object({ sylkrtc: z.literal('ping'), transaction: id });
export type Ping = z.infer<typeof ping>;

export const lookupPublicKey = z.object({ sylkrtc: z.literal('lookup-public-key'), transaction: id, uri: address });
export type LookupPublicKey = z.infer<typeof lookupPublicKey>;
