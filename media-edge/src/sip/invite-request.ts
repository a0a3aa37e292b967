import type { SipAddress } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import type { DialOptions } from '../ports/sip-endpoint.ts';
import { acceptHeader, allowHeader } from './message/allow.ts';
import { quoteDisplayName } from './message/name-addr.ts';
import { parseUri, type WireUri } from './message/wire-uri.ts';
import { sdpBody } from './sip-body.ts';
import { placeholderContact } from './transport/outgoing-text.ts';

export interface InviteRequestOptions extends Pick<DialOptions, 'callId' | 'from' | 'headers'> {
  readonly to: SipAddress;
  /** True if every hop has to be secure: then the address is a `sips` URI. */
  readonly isSips: boolean;
  /** A Route to go by first: the outbound proxy. */
  readonly route: string | undefined;
  readonly sdp: string;
  readonly fromTag: string;
  readonly cseq: number;
}

/** Builds the INVITE of a new call (RFC 3261 s. 8.1.1 and 13.2.1). Whoever calls has checked the custom headers. */
export function inviteRequest(core: Core.UserAgentCore, options: InviteRequestOptions): Core.OutgoingRequestMessage {
  const { callId, from, headers, to, isSips, route, sdp, fromTag, cseq } = options;
  const scheme = isSips ? 'sips' : 'sip';
  return core.makeOutgoingRequestMessage(
    'INVITE',
    uriOf(`${scheme}:${to.user}@${to.host}${to.port === undefined ? '' : `:${to.port}`}${to.parameters}`),
    uriOf(`sip:${from.aor}`),
    // RFC 3261 s. 19.1.1, table 1: neither port nor transport belong in To.
    uriOf(`${scheme}:${to.user}@${to.host}`),
    {
      callId,
      cseq,
      fromTag,
      fromDisplayName: from.displayName === undefined ? '' : quoteDisplayName(from.displayName),
      routeSet: route === undefined ? [] : [route],
    },
    [
      `Contact: ${placeholderContact}`,
      allowHeader,
      acceptHeader,
      ...headers.map(({ name, value }) => `${name}: ${value}`),
    ],
    sdpBody(sdp),
  );
}

function uriOf(address: string): WireUri {
  const uri = parseUri(address);
  if (uri === undefined) throw new Error(`not a SIP address: '${address}'`);
  return uri;
}
