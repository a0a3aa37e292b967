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

const copied = (request: Core.IncomingRequestMessage, name: string): string[] =>
  request
    .getHeaders(name)
    .slice(0, 1)
    .map((value) => `${name}: ${value}`);

const withTag = (line: string, request: Core.IncomingRequestMessage): string =>
  /;\s*tag\s*=/i.test(line) ? line : `${line};tag=${tagFor(request)}`;
