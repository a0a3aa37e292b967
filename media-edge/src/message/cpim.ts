/**
 * The envelope of RFC 3862, with the headers of RFC 5438:
 *
 *     From: "Alice" <sip:alice@example.org>
 *     To: <sip:bob@example.org>
 *     DateTime: 2026-01-02T10:00:00.000Z
 *     NS: imdn <urn:ietf:params:imdn>
 *     imdn.Message-ID: d1b1-7c
 *     imdn.Disposition-Notification: positive-delivery, display
 *
 *     Content-Type: text/plain; charset="utf-8"
 *
 *     Hello
 */
import type { ByteString, TextCodings } from './byte-string.ts';
import { type MimePart, splitPart } from './mime-headers.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** What the sender wants to hear of (RFC 5438 s. 6.2). */
export type Wish = 'positive-delivery' | 'negative-delivery' | 'processing' | 'display';

export interface CpimParty {
  /** With its scheme: `sip:alice@example.org`. */
  readonly uri: string;
  readonly displayName?: string;
}

export interface CpimMessage {
  readonly from?: CpimParty;
  readonly to?: CpimParty;
  /** ms since 1970. */
  readonly at?: number;
  readonly id?: string;
  readonly wishes: readonly Wish[];
  /** The MIME part inside, not decoded. */
  readonly part: MimePart;
}

const imdnNamespace = 'urn:ietf:params:imdn';
const wishes: readonly Wish[] = ['positive-delivery', 'negative-delivery', 'processing', 'display'];

/** @throws UnreadableBody */
export function parseCpim(bytes: ByteString, codings: TextCodings): CpimMessage {
  // Some phones repeat the MIME header of the body in front of it.
  const outer = splitPart(bytes.replace(/^content-type:[^\r\n]*\r?\n\r?\n/i, ''));
  const headers = decoded(outer.headers, codings);
  refuseUnknownFeatures(headers);
  const part = splitPart(outer.body);
  const imdn = prefixOf(headers);
  const at = Date.parse(headers.get('datetime') ?? '');
  const id = headers.get(`${imdn}message-id`) ?? headers.get('message-id');
  const wanted = headers.get(`${imdn}disposition-notification`) ?? headers.get('disposition-notification') ?? '';
  return {
    ...named('from', headers.get('from')),
    ...named('to', headers.get('to')),
    ...(Number.isFinite(at) ? { at } : {}),
    ...(id === undefined || id === '' ? {} : { id: unescaped(id) }),
    wishes: readWishes(wanted),
    part: { ...part, body: cutToLength(part) },
  };
}

function decoded(headers: ReadonlyMap<string, string>, codings: TextCodings): ReadonlyMap<string, string> {
  const entries = [...headers].map(([name, value]) => {
    const text = codings.decode(value, 'utf-8');
    if (text === undefined) throw new UnreadableBody('A CPIM header is not UTF-8');
    return [name, text] as const;
  });
  return new Map(entries);
}

/** RFC 3862 s. 2.3.1. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|([btnr"'\\]))/g, (whole, hex?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return escapes.get(letter ?? '') ?? whole;
  });

const escapes = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
]);

/** RFC 3862 s. 4.7: what must be understood and is not makes the message one that cannot be shown. */
function refuseUnknownFeatures(headers: ReadonlyMap<string, string>): void {
  const required = (headers.get('require') ?? '').split(',').map((name) => name.trim().toLowerCase());
  const known = `${prefixOf(headers)}disposition-notification`;
  if (required.some((name) => name !== '' && name !== known && name !== 'disposition-notification'))
    throw new UnreadableBody('A CPIM header is required that is not known here');
}

/** How the headers of RFC 5438 begin in this message, in lower case. */
function prefixOf(headers: ReadonlyMap<string, string>): string {
  const [, prefix, urn] = /^([\w-]*)\s*<([^>]*)>$/.exec(headers.get('ns') ?? '') ?? [];
  return urn?.toLowerCase() === imdnNamespace && prefix ? `${prefix.toLowerCase()}.` : 'imdn.';
}

function named(role: 'from' | 'to', text: string | undefined): { [Role in 'from' | 'to']?: CpimParty } {
  const [, quoted, plain = '', uri] =
    /^(?:"((?:[^"\\]|\\.)*)"|([^<"]*))\s*<([^<>\s]{1,1024})>\s*$/.exec(text ?? '') ?? [];
  if (uri === undefined) return {};
  const displayName = unescaped(quoted ?? plain.trim());
  return { [role]: { uri, ...(displayName === '' ? {} : { displayName }) } };
}

const readWishes = (text: string): readonly Wish[] => {
  const wanted = text.split(',').map((one) => one.trim().toLowerCase());
  return wishes.filter((wish) => wanted.includes(wish));
};

/** A length that does not fit the text means that something was cut off, or put in. */
function cutToLength({ headers, body }: MimePart): ByteString {
  const text = headers.get('content-length');
  if (text === undefined) return body;
  const length = Number(text);
  if (!/^\d{1,9}$/.test(text) || length > body.length || body.slice(length).trim() !== '')
    throw new UnreadableBody(`The Content-Length within CPIM does not fit: there are ${body.length} bytes`);
  return body.slice(0, length);
}

export interface CpimToSend {
  readonly from: CpimParty;
  readonly to: CpimParty;
  readonly at: number;
  readonly id: string;
  readonly wishes: readonly Wish[];
  /** Without parameters. */
  readonly contentType: string;
  readonly content: string;
}

/** Writes the envelope; what is inside is UTF-8. */
export function encodeCpim({ from, to, at, id, wishes: wanted, contentType, content }: CpimToSend): string {
  return [
    `From: ${party(from)}`,
    `To: ${party(to)}`,
    `DateTime: ${new Date(at).toISOString()}`,
    `NS: imdn <${imdnNamespace}>`,
    `imdn.Message-ID: ${escaped(id)}`,
    ...(wanted.length === 0 ? [] : [`imdn.Disposition-Notification: ${wanted.join(', ')}`]),
    '',
    `Content-Type: ${contentType}; charset="utf-8"`,
    '',
    content,
  ].join('\r\n');
}

const party = ({ uri, displayName }: CpimParty): string =>
  displayName ? `"${escaped(displayName)}" <${uri}>` : `<${uri}>`;

const escaped = (text: string): string =>
  text
    .replace(/[\\"]/g, '\\$&')
    .replace(/[\x00-\x1f\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
