/** Events about the connection itself. */
import * as z from 'zod';
import { address, id, optional, string } from '../fields.ts';

/** The connection is usable; comes once, before anything else. */
export const readyEvent = z.object({
  sylkrtc: z.literal('ready-event'),
  /** Addition: the domain whose accounts live here. */
  domain: optional(id),
  /** Addition: the gateway's version. */
  version: optional(id),
});
export type ReadyEvent = z.infer<typeof readyEvent>;

/** Answer to `lookup-public-key`, matched by `uri`; no key: unknown. */
export const lookupPublicKeyEvent = z.object({
  sylkrtc: z.literal('lookup-public-key-event'),
  uri: address,
  public_key: optional(string),
});
export type LookupPublicKeyEvent = z.infer<typeof lookupPublicKeyEvent>;
