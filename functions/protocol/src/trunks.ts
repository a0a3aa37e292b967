/** The file that describes trunks: providers of telephone numbers, or the operator's own exchange. */
import * as z from 'zod';
import { parseJson } from './json.ts';

const name = z.string().regex(/^[\w.-]{1,40}$/, 'a name of letters, digits, . _ -');
const number = z.string().regex(/^\+?\d{1,20}$/, 'digits, perhaps with + in front');
const localName = z.string().regex(/^[a-z0-9._-]{1,64}$/i, 'the part of an address before the @');
const uri = z.string().regex(/^sips?:[^\s<>"]{3,200}$/, 'a SIP URI such as sip:trunk.example.org;transport=tcp');
const login = z.strictObject({ username: z.string().min(1).max(128), password: z.string().min(1).max(128) });

/** Of several rules the one with the longest prefix counts. */
const rule = { prefix: z.string().regex(/^\+?\d{0,20}$/, 'digits, perhaps with + in front') };

export const trunk = z.strictObject({
  name,
  /** Whose calls are this trunk's: addresses and networks as `192.0.2.0/24`. */
  peers: z.array(z.string().max(64)).max(100).default([]),
  /** The same by the name in its certificate, over TLS. */
  tlsName: z.string().max(253).optional(),
  /** What it has to prove itself with, wherever it calls from. */
  login: login.optional(),
  /** Where numbers are dialled; absent: this trunk only brings calls. */
  server: uri.optional(),
  /** The domain that our callers are shown under; absent: the host of `server`. */
  domain: z.string().max(253).optional(),
  /** How we prove ourselves there. */
  account: login.extend({ realm: z.string().min(1).max(253) }).optional(),
  /** Who is called by which numbers. */
  numbersIn: z
    .array(z.strictObject({ ...rule, to: localName }))
    .max(10_000)
    .default([]),
  /** Which numbers are dialled by it, and what stands there instead of the prefix. */
  numbersOut: z
    .array(
      z.strictObject({
        ...rule,
        replace: z
          .string()
          .regex(/^\+?\d{0,20}$/, 'digits')
          .optional(),
        /** These are dialled for nobody, such as numbers that cost much. */
        isBarred: z.boolean().default(false),
      }),
    )
    .max(1_000)
    .default([]),
  /** The number that each account shows, by the part before the @; others show `callerNumber`, or none. */
  callerNumbers: z.record(localName, number).default({}),
  callerNumber: number.optional(),
  /** Whether we believe, and say, who calls in P-Asserted-Identity (RFC 3325). */
  isTrusted: z.boolean().default(false),
  /** Calls that it may have at a time, in both directions together, and how long each may last. */
  maxCalls: z.int().min(1).max(100_000).optional(),
  maxCallMinutes: z.int().min(1).max(10_080).optional(),
});
export type Trunk = z.infer<typeof trunk>;

const file = z.strictObject({ trunks: z.array(trunk).max(100) });

/** @throws Error whose text names the wrong field and what is expected there */
export const readTrunks = (text: string): readonly Trunk[] => {
  const read = file.safeParse(parseJson(text));
  if (read.success) return read.data.trunks;
  const [issue] = read.error.issues;
  throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'unknown form'}`);
};
