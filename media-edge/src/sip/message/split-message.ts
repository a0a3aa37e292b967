import { maxBodyBytes, maxHeadBytes, maxHeaderLines } from './sip-limits.ts';

/** A message in its parts, before any header is understood. */
export interface RawMessage {
  readonly startLine: string;
  /** Names in full and lower case, in the order of the message; values unfolded and trimmed. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The same, as it came. */
  readonly bodyBytes: Buffer;
  /** What is wrong with it, where it could be split all the same. */
  readonly fault?: string;
  /** Its body is larger than we read. */
  readonly isTooLarge?: boolean;
}

/**
 * Splits the bytes of one SIP message (RFC 3261 s. 7). Line ends are CRLF and nothing else.
 *
 * @returns the reason as text when it cannot be split
 */
export function splitMessage(bytes: Buffer): RawMessage | string {
  const end = bytes.indexOf('\r\n\r\n');
  const headEnd = end < 0 ? bytes.length : end;
  if (headEnd > maxHeadBytes) return `headers of over ${maxHeadBytes} bytes`;
  if (end < 0) return 'no empty line after the headers';
  const [startLine = '', ...lines] = unfold(bytes.toString('utf8', 0, headEnd)).split('\r\n');
  if (lines.length > maxHeaderLines) return `over ${maxHeaderLines} header lines`;
  return withHeaders(startLine, lines, bytes.subarray(headEnd + 4));
}

/** RFC 3261 s. 7.3.1: a line that begins with white space goes on with the one before. */
function unfold(head: string): string {
  return head.replace(/\r\n[ \t]+/g, ' ');
}

function withHeaders(startLine: string, lines: readonly string[], rest: Buffer): RawMessage {
  const headers: [string, string][] = [];
  let fault = hasControl(startLine) ? 'control character in the start line' : undefined;
  for (const line of lines) {
    const match = headerLine.exec(line);
    if (match === null || hasControl(line)) {
      fault ??= `malformed header line '${printable(line)}'`;
      continue;
    }
    const name = (match[1] ?? '').toLowerCase();
    headers.push([compactForms.get(name) ?? name, (match[2] ?? '').trim()]);
  }
  const body = takeBody(headers, rest);
  if (Buffer.isBuffer(body)) return { startLine, headers, body: body.toString('utf8'), bodyBytes: body, fault };
  const { isTooLarge } = body;
  return { startLine, headers, body: '', bodyBytes: Buffer.alloc(0), fault: fault ?? body.fault, isTooLarge };
}

// A lone CR or LF would end the line for a peer that is less strict, and let a header in.
const control = /[\x00-\x08\x0a-\x1f\x7f]/;
/** RFC 3261 s. 25.1, quoted-pair: behind a backslash within quotes every character but CR and LF is allowed. */
function hasControl(line: string): boolean {
  if (!control.test(line)) return false;
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (isQuoted && character === '\\' && !/[\r\n]/.test(line.charAt(at + 1))) at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (control.test(character)) return true;
  }
  return false;
}

const headerLine = /^([\w.!%*+`'~-]+)[ \t]*:(.*)$/s;

/** RFC 3261 s. 18.3: on UDP the length may be left out; more than there is, is an error. Bytes, not characters. */
function takeBody(
  headers: readonly [string, string][],
  rest: Buffer,
): Buffer | { readonly fault: string; readonly isTooLarge?: boolean } {
  const lengths = headers.filter(([name]) => name === 'content-length').map(([, value]) => value);
  const [length = String(rest.length)] = lengths;
  if (lengths.length > 1 || !/^\d{1,9}$/.test(length))
    return { fault: `Content-Length '${printable(lengths.join(', '))}'` };
  if (Number(length) > rest.length) return { fault: `Content-Length ${length}, but ${rest.length} bytes of body` };
  if (Number(length) > maxBodyBytes) return { fault: `body of over ${maxBodyBytes} bytes`, isTooLarge: true };
  return rest.subarray(0, Number(length));
}

/** Shortens text of a stranger for a phrase or a log line. */
export function printable(text: string): string {
  return text
    .slice(0, 40)
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/'/g, '`');
}

/** RFC 3261 s. 7.3.3 and the registry of compact forms. */
const compactForms = new Map([
  ['a', 'accept-contact'],
  ['b', 'referred-by'],
  ['c', 'content-type'],
  ['d', 'request-disposition'],
  ['e', 'content-encoding'],
  ['f', 'from'],
  ['i', 'call-id'],
  ['j', 'reject-contact'],
  ['k', 'supported'],
  ['l', 'content-length'],
  ['m', 'contact'],
  ['o', 'event'],
  ['r', 'refer-to'],
  ['s', 'subject'],
  ['t', 'to'],
  ['u', 'allow-events'],
  ['v', 'via'],
  ['x', 'session-expires'],
  ['y', 'identity'],
]);
