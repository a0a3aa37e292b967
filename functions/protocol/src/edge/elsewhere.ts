/** Accounts at providers elsewhere, on the link between signaling and an edge. */
import * as z from 'zod';
import { digestAlgorithms } from '../digest-claim.ts';
import { maxKeysPerAccount } from '../limits.ts';
import { aorField, text } from './fields.ts';

const digestAlgorithm = z.enum(digestAlgorithms);

/** HA1 of one realm, in lower-case hex: what stands for the password there. */
export const digestKey = z.object({
  username: text,
  realm: text,
  algorithm: digestAlgorithm,
  ha1: z.string().regex(/^[\da-f]{32,64}$/),
});

/** HA1 that a provider asks for and nobody has given. */
export const wantedKey = z.object({ realm: text, algorithm: digestAlgorithm });
export type WantedKey = z.infer<typeof wantedKey>;

/** What an edge needs to register an account at its provider. */
export const elsewhereAccount = z.object({
  aor: aorField,
  /** The user part of our Contact at the provider. */
  contact: z.string().regex(/^[a-z][\da-f]{32}$/),
  keys: z.array(digestKey).max(maxKeysPerAccount).readonly(),
  /** Names the keys; the account's states are told with it. */
  credentials: text,
  /** A SIP URI that all requests go by first. */
  proxy: text.optional(),
});
export type ElsewhereAccountOrder = z.infer<typeof elsewhereAccount>;

/** What became of a registration. `reason` is `<code> <phrase>`. */
export const elsewhereState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('registered') }),
  z.object({
    state: z.literal('failed'),
    reason: z.string().max(200),
    wanted: z.array(wantedKey).max(maxKeysPerAccount).readonly().optional(),
  }),
]);
export type ElsewhereState = z.infer<typeof elsewhereState>;
