import type { Core } from 'sip.js';
import { acceptHeader, allowHeader, isAllowedMethod, isKnownMethod, supportedOptions } from './allow.ts';
import type { ParsedRequest } from './parse-message.ts';

/** How a request is refused before anybody works on it. */
export interface Refusal {
  readonly code: number;
  readonly phrase: string;
  readonly headers: readonly string[];
}

/**
 * The general checks of a UAS (RFC 3261 s. 8.2), in the order of the RFC.
 *
 * @param isOurs tells whether a host names us
 * @param isServed true for a request to elsewhere that we place on
 * @returns `undefined` when the request may go on
 */
export function refusalOf(
  request: ParsedRequest,
  isOurs: (host: string) => boolean,
  isServed: (message: Core.IncomingRequestMessage) => boolean = () => false,
): Refusal | undefined {
  const { message, fault } = request;
  if (fault !== undefined) return refuse(fault.code, fault.phrase);
  return (
    methodRefusal(message.method, message.toTag !== undefined) ??
    (isServed(message) ? undefined : targetRefusal(message, isOurs)) ??
    hopRefusal(message) ??
    extensionRefusal(message) ??
    inviteRefusal(message)
  );
}

const refuse = (code: number, phrase: string, ...headers: string[]): Refusal => ({ code, phrase, headers });

/** RFC 3261 s. 8.2.1. What will come later is refused in words that a person at the phone can read. */
function methodRefusal(method: string, isInDialog: boolean): Refusal | undefined {
  if (!isKnownMethod(method)) return refuse(501, 'Not Implemented', allowHeader);
  // RFC 6665 s. 4.1.2.2: nothing can be watched here.
  if (method === 'SUBSCRIBE') return refuse(489, 'Bad Event', 'Allow-Events: refer');
  if (!isAllowedMethod(method)) return refuse(405, 'Method Not Allowed', allowHeader);
  if (method === 'REFER' && !isInDialog) return refuse(403, 'Transfers are taken within a call only');
  if (isInDialog || !needsDialog.has(method)) return undefined;
  return refuse(481, 'Call/Transaction Does Not Exist');
}

/** What we hand on to somebody. */
const placedOn = new Set(['INVITE', 'MESSAGE']);

const needsDialog = new Set(['BYE', 'INFO', 'UPDATE', 'PRACK']);

/**
 * RFC 3261 s. 8.2.2.1: nobody else's domain is served, and nothing is relayed. Within a dialog the
 * target is our own Contact, whatever a NAT made of it.
 */
function targetRefusal(message: Core.IncomingRequestMessage, isOurs: (host: string) => boolean): Refusal | undefined {
  if (message.toTag !== undefined || message.method === 'ACK' || message.method === 'CANCEL') return undefined;
  const { ruri } = message;
  if (ruri === undefined || !isOurs(ruri.host)) return refuse(404, 'Not Found');
  // A phone that pings its server asks nobody in particular.
  if (placedOn.has(message.method) && !ruri.user) return refuse(484, 'Address Incomplete');
  return undefined;
}

/** We place calls and messages onward, as a proxy would, and so count hops like one (RFC 7332 s. 3). */
function hopRefusal(message: Core.IncomingRequestMessage): Refusal | undefined {
  const hops = message.getHeaders('max-forwards');
  if (hops.length > 1 || hops.some((value) => !/^\d{1,10}$/.test(value) || Number(value) > 255)) {
    return refuse(400, 'Malformed Max-Forwards Header');
  }
  const isSpent = hops.length === 1 && Number(hops[0]) === 0;
  return isSpent && placedOn.has(message.method) && message.toTag === undefined
    ? refuse(483, 'Too Many Hops')
    : undefined;
}

/** RFC 3261 s. 8.2.2.3: no extension is supported so far; ACK and CANCEL are never refused for one. */
function extensionRefusal(message: Core.IncomingRequestMessage): Refusal | undefined {
  const required = message.getHeaders('require').flatMap((value) => value.split(','));
  const known: readonly string[] = message.method === 'REGISTER' ? ['path', 'outbound'] : supportedOptions;
  const tags = required
    .map((tag) => tag.trim())
    .filter((tag) => /^[\w.!%*+`'~-]+$/.test(tag) && !known.includes(tag.toLowerCase()));
  if (tags.length === 0 || message.method === 'ACK' || message.method === 'CANCEL') return undefined;
  return refuse(420, 'Bad Extension', `Unsupported: ${tags.join(', ')}`);
}

/** RFC 3261 s. 8.1.1.8 (one Contact) and s. 8.2.3 (a body that we can read). */
function inviteRefusal(message: Core.IncomingRequestMessage): Refusal | undefined {
  if (message.method !== 'INVITE' && message.method !== 'UPDATE') return undefined;
  if (!hasUsableContact(message)) return refuse(400, 'Needs one Contact Header with a sip URI');
  if (message.hasHeader('content-encoding')) return refuse(415, 'Unsupported Media Type', 'Accept-Encoding: identity');
  if (!takesDescriptions(message)) return refuse(406, 'Not Acceptable: our answer is application/sdp');
  const type: unknown = message.headers['Content-Type']?.[0]?.parsed;
  if (message.body === '' || type === 'application/sdp') return undefined;
  return refuse(415, 'Unsupported Media Type', acceptHeader);
}

/** RFC 3261 s. 20.1: who names what it reads and leaves SDP out could do nothing with our answer. */
function takesDescriptions(message: Core.IncomingRequestMessage): boolean {
  const ranges = message
    .getHeaders('accept')
    .flatMap((value) => value.split(','))
    .map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '')
    .filter((range) => range !== '');
  return ranges.length === 0 || ranges.some((range) => /^(application\/sdp|application\/\*|\*\/\*)$/.test(range));
}

function hasUsableContact(message: Core.IncomingRequestMessage): boolean {
  const contacts = message.headers.Contact ?? [];
  if (message.method === 'UPDATE' && contacts.length === 0) return true;
  const [contact] = contacts;
  return contacts.length === 1 && /^sips?$/.test(contact?.parsed?.uri.scheme ?? '');
}
