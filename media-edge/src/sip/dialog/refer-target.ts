import { parseSipAddress, withoutScheme } from '@sylk/protocol/sip-address.ts';
import { parseReplaces, type Replaces } from './replaces.ts';

/** Whom a REFER wants called. */
export interface ReferTarget {
  /** `user@host[:port][;params]`, without scheme. */
  readonly uri: string;
  readonly host: string;
  readonly replaces?: Replaces;
}

/**
 * Reads the value of Refer-To (RFC 3515 s. 2.1): `<sip:carol@example.org?Replaces=12%40b%3Bto-tag%3D1%3Bfrom-tag%3D2>`.
 *
 * @returns `undefined` unless it is a SIP address that is to be called
 */
export function parseReferTo(value: string): ReferTarget | undefined {
  const text = /<([^<>]*)>/.exec(value)?.[1] ?? value.split(';', 1)[0]?.trim() ?? '';
  const [address = '', headers = ''] = text.split('?', 2);
  const method = /;method=([^;]*)/i.exec(address)?.[1];
  if (!/^sips?:/i.test(address) || (method !== undefined && method.toUpperCase() !== 'INVITE')) return undefined;
  const uri = address.replace(/;method=[^;]*/i, '');
  const parsed = parseSipAddress(withoutScheme(uri));
  const named = replacesIn(headers);
  if (parsed === undefined || named === 'malformed') return undefined;
  return { uri: withoutScheme(uri), host: parsed.host, ...(named ? { replaces: named } : {}) };
}

function replacesIn(headers: string): Replaces | undefined | 'malformed' {
  const field = headers.split('&').find((part) => /^replaces=/i.test(part));
  if (field === undefined) return undefined;
  try {
    return parseReplaces(decodeURIComponent(field.slice('replaces='.length))) ?? 'malformed';
  } catch {
    // A percent sign that escapes nothing.
    return 'malformed';
  }
}
