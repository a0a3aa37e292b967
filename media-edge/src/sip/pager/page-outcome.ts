import type { Core } from 'sip.js';
import type { PageOutcome } from '../../ports/sip-messages.ts';
import { safePhrase } from '../headers/reason-header.ts';

/** What a peer that reads no CPIM answers to it (RFC 3428 s. 7, RFC 3261 s. 21.4.13 and 21.6.4). */
export const notThisForm: ReadonlySet<number> = new Set([406, 415, 488, 606]);

/** sip.js' own answer, for silence and for what could not be sent. */
export const isOwn = (response: Core.IncomingResponseMessage): boolean => response.getHeader('via') === undefined;

export const outcomeOf = ({ statusCode = 500, reasonPhrase = '' }: Core.IncomingResponseMessage): PageOutcome => ({
  code: statusCode,
  reason: safePhrase(reasonPhrase).trim() || 'Refused',
});

export const silent: PageOutcome = { code: 408, reason: 'No answer from the other side' };
export const unreached: PageOutcome = { code: 503, reason: 'The other side cannot be reached' };
