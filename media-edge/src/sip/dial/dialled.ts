import { parseSipAddress, type SipAddress } from '@sylk/protocol/sip-address.ts';
import type { Core } from 'sip.js';
import { causeOf, type EndCause } from '../../call/end-cause.ts';
import type { Offer } from '../../call/media.ts';
import type { DialOptions } from '../../ports/sip-endpoint.ts';
import { NoCommonCodec } from '../../sdp/sdp-error.ts';
import { intervalAfter422 } from '../dialog/session-interval.ts';
import { refusedHeader } from '../headers/custom-headers.ts';
import { wordsOf } from '../media/refused-description.ts';
import type { SipMedia } from '../media/sip-media.ts';
import { Unresolvable } from '../transport/unresolvable.ts';

/** What all attempts of one call share. */
export interface Dialled {
  readonly to: SipAddress;
  /** Where it goes by a redirection, while To stays the same (RFC 3261 s. 8.1.3.4). */
  readonly target?: SipAddress;
  readonly from: DialOptions['from'];
  readonly isSips: boolean;
  /** Further header lines, of our own. */
  readonly extraHeaders?: readonly string[];
  readonly route: string | undefined;
  readonly sdp: string;
  readonly offer: Offer;
  readonly media: SipMedia;
  /** How long the session may go without a sign of life, in s (RFC 4028). */
  readonly intervalS: number;
}

/** Who is called, or why that cannot be tried. */
export function readTo({ to, headers }: DialOptions): SipAddress | EndCause {
  const refused = refusedHeader(headers);
  if (refused !== undefined) return causeOf(400, 'gateway', refused);
  const address = parseSipAddress(to);
  if (address?.user !== undefined) return address;
  return causeOf(484, 'gateway', `not an address: '${to}', expected user@domain`);
}

/** The same with the interval that a 422 wants (RFC 4028 s. 7.3); `undefined` where it wants none, or no longer one. */
export function withLongerInterval(message: Core.IncomingResponseMessage, dialled: Dialled): Dialled | undefined {
  const intervalS = message.statusCode === 422 ? intervalAfter422(message) : undefined;
  return intervalS === undefined || intervalS <= dialled.intervalS ? undefined : { ...dialled, intervalS };
}

/** What keeps a call from being dialled, for the caller. */
export function causeOfFault(error: unknown): EndCause {
  if (error instanceof Unresolvable)
    return causeOf(error.code, error.code === 403 ? 'gateway' : 'network', error.message);
  if (error instanceof NoCommonCodec) return causeOf(488, 'gateway', error.message);
  return causeOf(503, 'gateway', wordsOf(error));
}

export const tooManyUnreached =
  'too many calls of this account have reached nobody on this network, try again in an hour';
