import type { Core } from 'sip.js';
import { allowHeader } from '../message/allow.ts';
import { newTag } from '../message/tags.ts';
import { parseUri, type WireUri } from '../message/wire-uri.ts';
import { placeholderContact } from '../transport/outgoing-text.ts';
import type { ElsewhereAccount } from './account.ts';
import { hostOf, registerRoutes } from './routes.ts';

export interface RegisterRequestOptions {
  readonly callId: string;
  readonly cseq: number;
  /** Seconds; 0 takes our binding back. `undefined` only asks what is bound, which proves the password all the same. */
  readonly expiresS: number | undefined;
}

/** Builds a REGISTER (RFC 3261 s. 10.2), with a flow of its own where the provider has them (RFC 5626 s. 4.2). */
export function registerRequest(
  core: Core.UserAgentCore,
  account: ElsewhereAccount,
  { callId, cseq, expiresS }: RegisterRequestOptions,
): Core.OutgoingRequestMessage {
  return core.makeOutgoingRequestMessage(
    'REGISTER',
    uriOf(`sip:${hostOf(account)}`),
    uriOf(`sip:${account.aor}`),
    uriOf(`sip:${account.aor}`),
    { callId, cseq, fromTag: newTag(), routeSet: [...registerRoutes(account)] },
    [
      ...(expiresS === undefined ? [] : [contactHeader(account, expiresS), `Expires: ${expiresS}`]),
      // RFC 3327 s. 5.1, RFC 5626 s. 4.2.1: proxies on the way may put themselves into the path of calls.
      'Supported: path, outbound',
      allowHeader,
    ],
  );
}

/** The same instance at every edge: a registrar with outbound replaces the binding of the edge before. */
const contactHeader = ({ contact }: ElsewhereAccount, expiresS: number): string =>
  `Contact: ${placeholderContact};expires=${expiresS};+sip.instance="<urn:uuid:${uuidOf(contact)}>";reg-id=1`;

/** @param contact 32 hex digits at its end */
function uuidOf(contact: string): string {
  const hex = contact.slice(-32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function uriOf(address: string): WireUri {
  const uri = parseUri(address);
  if (uri === undefined) throw new Error(`not a SIP address: '${address}'`);
  return uri;
}
