import type { Core } from 'sip.js';
import type { EndCause } from '../../call/end-cause.ts';
import { splitOutsideQuotes } from '../message/parameters.ts';
import { q850Of, wordsOfQ850 } from './q850.ts';

/** The Reason header of a BYE, CANCEL or refusal (RFC 3326). */
export function reasonHeader(cause: EndCause): string {
  if (cause.code === 200 && cause.phrase === 'OK') return 'Reason: Q.850;cause=16;text="Normal call clearing"';
  return `Reason: ${reasonValue(cause)}, Q.850;cause=${q850Of(cause.code)}`;
}

/** `SIP;cause=200;text="Answered elsewhere"` */
export const reasonValue = (cause: EndCause): string =>
  `SIP;cause=${cause.code};text="${quotable(cause.detail ?? cause.phrase)}"`;

/** A warning that says in words why a description was refused (RFC 3261 s. 20.43, 399 miscellaneous). */
export const warningHeader = (text: string): string => `Warning: 399 gateway "${quotable(text)}"`;

/** A phrase for a status line. */
export const safePhrase = (text: string): string => text.replace(/[^\x20-\x7e]/g, ' ').slice(0, 120);

const quotable = (text: string): string => safePhrase(text).replace(/["\\]/g, "'");

/** What a peer says about why it ends a call, in words; `undefined` when it says nothing. */
export function reasonOf(message: Core.IncomingMessage): string | undefined {
  const values = message.getHeaders('reason').flatMap((value) => splitOutsideQuotes(value, ','));
  const reasons = values.map((reason) => {
    const text = /;\s*text\s*=\s*"([^"]{0,200})"/i.exec(reason)?.[1];
    const cause = /^\s*Q\.850\s*;\s*cause\s*=\s*(\d{1,3})/i.exec(reason)?.[1];
    return text ?? wordsOfQ850(Number(cause)) ?? reason.slice(0, 100);
  });
  return reasons.length === 0 ? undefined : [...new Set(reasons)].join('; ');
}
