import type { SipAddress } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import type { DialOptions } from '../../ports/sip-endpoint.ts';
import { intervalHeaders } from '../dialog/session-interval.ts';
import { sdpBody } from '../headers/sip-body.ts';
import { acceptHeader, allowHeader } from '../message/allow.ts';
import { quoteDisplayName } from '../message/name-addr.ts';
import { parseUri, type WireUri } from '../message/wire-uri.ts';
import { placeholderContact } from '../transport/outgoing-text.ts';

export interface InviteRequestOptions extends Pick<DialOptions, 'callId' | 'from' | 'headers' | 'place' | 'referral'> {
  readonly to: SipAddress;
  /** True if every hop has to be secure: then the address is a `sips` URI. */
  readonly isSips: boolean;
  /** A Route to go by first: the outbound proxy. */
  readonly route: string | undefined;
  readonly sdp: string;
  readonly fromTag: string;
  readonly cseq: number;
  /** Where it goes by a redirection. */
  readonly target?: SipAddress;
  readonly extraHeaders?: readonly string[];
  readonly intervalS: number;
  readonly leastIntervalS: number;
}

/** Builds the INVITE of a new call (RFC 3261 s. 8.1.1 and 13.2.1). Whoever calls has checked the custom headers. */
export function inviteRequest(core: Core.UserAgentCore, options: InviteRequestOptions): Core.OutgoingRequestMessage {
  const { callId, from, headers, to, place, isSips, route, sdp, fromTag, cseq, target = to } = options;
  const scheme = isSips ? 'sips' : 'sip';
  return core.makeOutgoingRequestMessage(
    'INVITE',
    // RFC 3261 s. 16.5: a registered Contact is called exactly as it was written.
    uriOf(
      (options.target === undefined ? place?.contact : undefined) ??
        `${scheme}:${target.user}@${target.host}${portOf(target)}${target.parameters}`,
    ),
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
      ...intervalHeaders({ wantedS: options.intervalS, leastS: options.leastIntervalS }),
      ...(options.extraHeaders ?? []),
      ...[...headers, ...(options.referral ?? [])].map(({ name, value }) => `${name}: ${value}`),
    ],
    sdpBody(sdp),
  );
}

const portOf = ({ port }: SipAddress): string => (port === undefined ? '' : `:${port}`);

function uriOf(address: string): WireUri {
  const uri = parseUri(address);
  if (uri === undefined) throw new Error(`not a SIP address: '${address}'`);
  return uri;
}
