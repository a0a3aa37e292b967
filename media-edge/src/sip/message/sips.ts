import type { Core } from 'sip.js';
import type { Protocol } from '../transport/flow.ts';
import { isSipsUri } from '../transport/outgoing-text.ts';
import type { Refusal } from './sanity.ts';

/** True if the request asks for TLS on every hop: then our Contact has to be a `sips` URI (RFC 3261 s. 12.1.1). */
export function wantsSips(message: Core.IncomingRequestMessage): boolean {
  const [route] = message.getHeaders('record-route');
  return isSips(message.ruri) || isSipsUri(route?.replace(/^[^<]*</, '') ?? '') || isSips(contactOf(message)?.uri);
}

/**
 * Why a request to a `sips` address is not taken (RFC 5630 s. 5.1.1): somebody on its way took TLS off, or its sender cannot be
 * reached by TLS itself.
 *
 * @returns `undefined` when all is as it should be, or the request asks for nothing of the kind
 */
export function sipsRefusal(
  message: Core.IncomingRequestMessage,
  { protocol }: { protocol: Protocol },
): Refusal | undefined {
  if (!isSips(message.ruri) || message.method === 'ACK' || message.method === 'CANCEL') return undefined;
  if (protocol !== 'TLS') return { code: 403, phrase: `A sips address is called by TLS, not ${protocol}`, headers: [] };
  const contact = contactOf(message);
  if (contact === undefined || isSips(contact.uri)) return undefined;
  return { code: 400, phrase: 'A call to a sips address needs a sips Contact', headers: [] };
}

const isSips = (uri: { toString(): string } | undefined): boolean => uri !== undefined && isSipsUri(uri.toString());

const contactOf = (message: Core.IncomingRequestMessage) => message.headers.Contact?.[0]?.parsed;
