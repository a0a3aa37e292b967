/** The kinds of field that sylkRTC messages are made of. Bounds that the original lacks come from limits.ts. */
import * as z from 'zod';
import { maxIdChars, maxSdpChars } from '../limits.ts';
import { showValue } from '../python-literal.ts';
import { parseSipAddress, withoutScheme } from '../sip-address.ts';

export const string = z.string();
export const boolean = z.boolean();
/** A number without fraction that a double holds exactly. */
export const integer = z.int();
/** An id, name, token or other text of one line's length. */
export const id = z.string().max(maxIdChars);
export const sdp = z.string().max(maxSdpChars);

const sipUri = z
  .string()
  .max(maxIdChars, { abort: true })
  .refine((text) => parseSipAddress(text) !== undefined, { error: ({ input }) => `invalid SIP URI: ${input}` });

/** A SIP URI; `sip:` or `sips:` in front is taken off, nothing else is changed. */
export const address = sipUri.transform(withoutScheme);

/** The same for who is called, where `sips:` stays: it asks for TLS on every hop, which only the caller can want. */
export const calledAddress = sipUri.transform((text) =>
  /^sips:/i.test(text) ? `sips:${withoutScheme(text)}` : withoutScheme(text),
);

/** May be left out, or be `null`, which means the same. */
export const optional = <Field extends z.ZodType>(field: Field) => field.nullish();

/** Drops repetitions; of equal items the first stays. */
export const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

/** Text that keeps to a pattern; what breaks it is shown with what was expected. */
export const matching = (pattern: RegExp, name: string, expected: string) =>
  z.string().regex(pattern, { error: ({ input }) => `invalid ${name}: ${showValue(input)}, expected ${expected}` });
