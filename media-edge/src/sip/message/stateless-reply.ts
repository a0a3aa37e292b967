import type { Core } from 'sip.js';
import { tagFor } from './tags.ts';

export interface StatelessReply {
  readonly code: number;
  readonly phrase: string;
  readonly headers?: readonly string[];
}

/**
 * Answers a request without keeping anything of it (RFC 3261 s. 8.2.7). Only raw headers are
 * copied, so that a request that could not be understood gets its answer as well.
 */
export function statelessReply(request: Core.IncomingRequestMessage, reply: StatelessReply): string {
  return [
    `SIP/2.0 ${reply.code} ${reply.phrase}`,
    ...request.getHeaders('Via').map((value) => `Via: ${value}`),
    ...copied(request, 'From'),
    ...copied(request, 'To').map((line) => withTag(line, request)),
    ...copied(request, 'Call-ID'),
    ...copied(request, 'CSeq'),
    ...(reply.headers ?? []),
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/**
 * The same answer in no more characters than the request had, so that a forged request brings its victim less than it
 * cost: first without what only helps people and their phones, then with the shortest tag and without its length, which
 * a datagram needs not (RFC 3261 s. 18.3). A header that the answer means nothing without is kept whatever it takes.
 */
export function fittedReply(request: Core.IncomingRequestMessage, reply: StatelessReply, maxChars: number): string {
  const whole = statelessReply(request, reply);
  if (whole.length <= maxChars) return whole;
  const needed = (reply.headers ?? []).filter((header) => !helpful.test(header));
  const bare = statelessReply(request, { code: reply.code, phrase: reply.phrase, headers: needed });
  if (bare.length <= maxChars) return bare;
  return statelessReply(request, { code: reply.code, phrase: '', headers: needed })
    .replace('Content-Length: 0\r\n', '')
    .replace(/;received=[^;,\r\n]*/, '')
    .replace(/^(To: [^\r\n]*;tag=)([0-9a-f]{8})[0-9a-f]{16}$/m, '$1$2');
}

const helpful = /^(?:allow|accept|server|retry-after|reason|warning)[ \t]*:/i;

const copied = (request: Core.IncomingRequestMessage, name: string): string[] =>
  request
    .getHeaders(name)
    .slice(0, 1)
    .map((value) => `${name}: ${value}`);

const withTag = (line: string, request: Core.IncomingRequestMessage): string =>
  /;\s*tag\s*=/i.test(line) ? line : `${line};tag=${tagFor(request)}`;
