/**
 * Phones at our domain, between edge and signaling: which contacts an account has (RFC 3261 s. 10), and the proof of
 * its password. HA1 never goes to an edge: what a phone claims goes to signaling, which checks it.
 */
import * as z from 'zod';
import { digestAlgorithms } from '../digest-claim.ts';
import { maxPhonesPerAccount, maxPhoneUriChars } from '../limits.ts';
import { aorField, count, edgeField, text } from './fields.ts';

/** See digest-claim.ts. */
export const digestClaim = z.object({
  algorithm: z.enum(digestAlgorithms),
  isSession: z.boolean(),
  username: text,
  realm: text,
  nonce: text,
  response: text,
  ha2: text,
  protection: z.object({ qop: z.enum(['auth', 'auth-int']), cnonce: text, nc: text }).optional(),
  cnonce: text.optional(),
});

const uri = z.string().max(maxPhoneUriChars);

/** Where a phone is. */
export const phonePlace = z.object({
  /** Names it among the contacts of its account. */
  key: text,
  /** Its Contact, as it was written (without brackets): the Request-URI of calls to it. */
  contact: uri,
  /** Thousandths: 1000 is rung first (RFC 3261 s. 20.10). */
  q: z.int().min(0).max(1000),
  /** RFC 5626: the phone itself, and which of its flows this is. */
  instance: uri.optional(),
  regId: count.optional(),
  /** Proxies on the way to it, next one first (RFC 3327), or the edge that has its flow; empty: it is reached from everywhere. */
  path: z.array(uri).max(8).readonly(),
});
export type PhonePlace = z.infer<typeof phonePlace>;

/** What a REGISTER wants of the contacts; `expiresS` is in s, 0 removes one. */
export const contactsOrder = z.discriminatedUnion('do', [
  z.object({ do: z.literal('list') }),
  z.object({ do: z.literal('clear') }),
  z.object({
    do: z.literal('set'),
    contacts: z
      .array(phonePlace.extend({ expiresS: count }))
      .max(maxPhonesPerAccount)
      .readonly(),
  }),
]);
export type ContactsOrder = z.infer<typeof contactsOrder>;

/** A phone that rings, and the edge where it has registered. */
export const ringingPhone = phonePlace.extend({ edge: edgeField });
export type RingingPhone = z.infer<typeof ringingPhone>;

const refusals = [
  /** Unknown address or wrong password: nobody is told which. */
  z.object({ status: z.literal('wrong') }),
  /** Too many wrong passwords, or too many calls. */
  z.object({ status: z.literal('refused'), retryAfterS: count }),
  z.object({ status: z.enum(['blocked', 'expired']) }),
] as const;

export const registerAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('done'),
    contacts: z.array(phonePlace.extend({ expiresS: count })).readonly(),
  }),
  /** A contact was changed by a later request of the same Call-ID. */
  z.object({ status: z.literal('out-of-order') }),
  z.object({ status: z.literal('full') }),
  ...refusals,
]);
export type RegisterAnswer = z.infer<typeof registerAnswer>;

/** May this phone call? */
export const callerAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('right'), aor: aorField, displayName: z.string() }),
  ...refusals,
]);
export type CallerAnswer = z.infer<typeof callerAnswer>;
