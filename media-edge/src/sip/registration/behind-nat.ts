import type { Core } from 'sip.js';
import { parseVia } from '../message/via.ts';

/** Whether the peer saw our request come from another place than we said (RFC 3581 s. 4, RFC 3261 s. 18.2.1). */
export function isBehindNat(response: Core.IncomingResponseMessage): boolean {
  const via = parseVia(response.getHeader('via') ?? '');
  if (via === undefined) return false;
  const { received, rport } = via.parameters;
  const host = via.host.replace(/^\[|\]$/g, '');
  const isOtherHost = typeof received === 'string' && received.replace(/^\[|\]$/g, '') !== host;
  const isOtherPort = typeof rport === 'string' && Number(rport) !== (via.port ?? 5060);
  return isOtherHost || isOtherPort;
}
