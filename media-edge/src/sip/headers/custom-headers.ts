import { maxHeaderChars, maxHeaders } from '@sylk/protocol/limits.ts';
import type { Core } from 'sip.js';

export interface CustomHeader {
  readonly name: string;
  readonly value: string;
}

/** Headers that a client may set besides `X-...`: none of them steers a message. */
const settable = new Set(['subject', 'priority', 'organization', 'user-to-user', 'call-info', 'alert-info']);

/**
 * Says why a client may not set a header: Via, Route, Contact and the like would lead messages astray,
 * and a line end in a value would add further ones.
 *
 * @returns `undefined` when all of them may be set
 */
export function refusedHeader(headers: readonly CustomHeader[]): string | undefined {
  if (headers.length > maxHeaders) return `${headers.length} headers, at most ${maxHeaders} are allowed`;
  for (const { name, value } of headers) {
    const isAllowed = /^x-[a-z0-9-]{1,60}$/i.test(name) || settable.has(name.toLowerCase());
    if (!isAllowed) return `header not allowed: '${name.slice(0, 60)}', expected X-...`;
    if (value.length > maxHeaderChars)
      return `header ${name} has ${value.length} characters, at most ${maxHeaderChars} are allowed`;
    if (/[\x00-\x1f\x7f]/.test(value)) return `header ${name} has a control character`;
  }
  return undefined;
}

/** Headers that a person's device may see, by prefix of their names, whatever the case. */
export function headersByPrefix(message: Core.IncomingMessage, prefixes: readonly string[]): Record<string, string> {
  const wanted = prefixes.map((prefix) => prefix.toLowerCase());
  const shown = Object.entries(allHeaders(message)).filter(([name]) =>
    wanted.some((prefix) => name.toLowerCase().startsWith(prefix)),
  );
  return Object.fromEntries(shown);
}

/** Every header that does not belong to SIP's own working, or to the peer's network; the last of several counts. */
export function allHeaders(message: Core.IncomingMessage): Record<string, string> {
  const shown = Object.entries(message.headers).flatMap(([name, values]): [string, string][] => {
    const value = values.at(-1)?.raw;
    if (inner.has(name.toLowerCase()) || value === undefined || value.length > maxHeaderChars) return [];
    return [[name, value]];
  });
  return Object.fromEntries(shown.slice(0, maxHeaders));
}

const inner = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'contact',
  'max-forwards',
  'route',
  'record-route',
  'path',
  'service-route',
  'content-type',
  'content-length',
  'content-disposition',
  'content-encoding',
  'content-language',
  'authorization',
  'proxy-authorization',
  'www-authenticate',
  'proxy-authenticate',
  'authentication-info',
  'allow',
  'allow-events',
  'accept',
  'accept-encoding',
  'accept-language',
  'supported',
  'require',
  'proxy-require',
  'unsupported',
  'rseq',
  'rack',
  'session-expires',
  'min-se',
  'expires',
  'timestamp',
  'mime-version',
  'identity',
  'security-client',
]);
