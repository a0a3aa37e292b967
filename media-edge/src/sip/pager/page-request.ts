import type { SipAddress } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import type { PageToSend } from '../../ports/sip-messages.ts';
import { quoteDisplayName } from '../message/name-addr.ts';
import { parseUri, type WireUri } from '../message/wire-uri.ts';
import type { PageContent } from './page-content.ts';

export interface PageRequestOptions extends Pick<PageToSend, 'from' | 'place'> {
  readonly to: SipAddress;
  readonly isSips: boolean;
  /** Who the sender is at its provider, if not its own address: `user@host`. */
  readonly identity: string | undefined;
  readonly route: string | undefined;
  readonly headers: readonly string[];
  readonly callId: string;
  readonly fromTag: string;
  readonly cseq: number;
  readonly body: PageContent;
}

/** Builds a MESSAGE (RFC 3428 s. 4 and 5), which has no Contact. */
export function pageRequest(core: Core.UserAgentCore, options: PageRequestOptions): Core.OutgoingRequestMessage {
  const { from, place, to, isSips, identity, route, headers, callId, fromTag, cseq, body } = options;
  const scheme = isSips ? 'sips' : 'sip';
  const port = to.port === undefined ? '' : `:${to.port}`;
  return core.makeOutgoingRequestMessage(
    'MESSAGE',
    uriOf(place?.contact ?? `${scheme}:${to.user}@${to.host}${port}${to.parameters}`),
    uriOf(`sip:${identity ?? from.aor}`),
    uriOf(`${scheme}:${to.user}@${to.host}`),
    {
      callId,
      cseq,
      fromTag,
      fromDisplayName: from.displayName === undefined ? '' : quoteDisplayName(from.displayName),
      routeSet: route === undefined ? [] : [route],
    },
    [...headers],
    { contentDisposition: 'render', contentType: body.contentType, content: body.content },
  );
}

function uriOf(address: string): WireUri {
  const uri = parseUri(address);
  if (uri === undefined) throw new Error(`not a SIP address: '${address}'`);
  return uri;
}
