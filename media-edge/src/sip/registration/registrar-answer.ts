import type { Core } from 'sip.js';
import { parseNameAddr } from '../message/name-addr.ts';
import { splitOutsideQuotes } from '../message/parameters.ts';

/** What a registrar granted (RFC 3261 s. 10.2.4). */
export interface Granted {
  /** For how long our binding is good, seconds; `undefined` when it named none. */
  readonly expiresS: number | undefined;
  /** The way of our requests to the provider's services (RFC 3608), in angle brackets. */
  readonly serviceRoutes: readonly string[];
  /** Who this account is at the provider (RFC 7315 s. 4.1): `user@host`; the first is the default. */
  readonly identities: readonly string[];
  /** It opens flows with care (RFC 5626 s. 4.2.1, 5.4): the keep-alives of this one are answered. */
  readonly hasOutbound: boolean;
}

/** @param contact user part of our Contact; its host may have been rewritten on the way */
export function readGranted(response: Core.IncomingResponseMessage, contact: string): Granted {
  return {
    expiresS: ownExpires(response, contact) ?? seconds(response.getHeader('expires')),
    serviceRoutes: valuesOf(response, 'service-route').filter((value) => parseNameAddr(value) !== undefined),
    identities: valuesOf(response, 'p-associated-uri').flatMap((value) => identityOf(value)),
    hasOutbound: valuesOf(response, 'require').some((tag) => tag.toLowerCase() === 'outbound'),
  };
}

/** Seconds of `Min-Expires` in a 423 (RFC 3261 s. 20.23). */
export const minExpiresOf = (response: Core.IncomingResponseMessage): number | undefined =>
  seconds(response.getHeader('min-expires'));

/** Seconds of `Retry-After` (RFC 3261 s. 20.33), without its comment and parameters. */
export const retryAfterOf = (response: Core.IncomingResponseMessage): number | undefined =>
  seconds(/^\d+/.exec(response.getHeader('retry-after')?.trim() ?? '')?.[0]);

function ownExpires(response: Core.IncomingResponseMessage, contact: string): number | undefined {
  const contacts = valuesOf(response, 'contact').map((value) => parseNameAddr(value));
  const own = contacts.find((one) => one?.uri.user === contact);
  const value = own?.getParam('expires');
  return typeof value === 'string' ? seconds(value.replace(/^"|"$/g, '')) : undefined;
}

function identityOf(value: string): readonly string[] {
  const uri = parseNameAddr(value)?.uri;
  return uri === undefined || !uri.user || !/^sips?$/.test(uri.scheme) ? [] : [`${uri.user}@${uri.host}`];
}

const valuesOf = (response: Core.IncomingResponseMessage, name: string): string[] =>
  response
    .getHeaders(name)
    .flatMap((line) => splitOutsideQuotes(line, ','))
    .map((value) => value.trim())
    .filter((value) => value !== '');

function seconds(text: string | undefined): number | undefined {
  const value = text?.trim();
  return value !== undefined && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}
