import { NoCommonCodec, SdpError } from '../../sdp/sdp-error.ts';
import { IntervalTooSmall } from '../dialog/session-interval.ts';
import { safePhrase, warningHeader } from '../headers/reason-header.ts';
import { MediaRefused } from './media-address.ts';

/** How an offer that cannot be taken is answered. */
export interface DescriptionRefusal {
  readonly statusCode: 400 | 422 | 488 | 500;
  readonly reasonPhrase: string;
  readonly extraHeaders: string[];
}

/** Turns a failure of reading or answering an offer into the answer for its sender (RFC 3261 s. 13.3.1.3). */
export function refusalForOffer(error: unknown): DescriptionRefusal {
  if (error instanceof SdpError) {
    return { statusCode: 400, reasonPhrase: 'Bad Session Description', extraHeaders: [warningHeader(error.message)] };
  }
  if (error instanceof IntervalTooSmall) {
    return { statusCode: 422, reasonPhrase: 'Session Interval Too Small', extraHeaders: [`Min-SE: ${error.leastS}`] };
  }
  if (error instanceof NoCommonCodec || error instanceof MediaRefused) {
    return { statusCode: 488, reasonPhrase: 'Not Acceptable Here', extraHeaders: [warningHeader(error.message)] };
  }
  return { statusCode: 500, reasonPhrase: 'Server Internal Error', extraHeaders: [] };
}

/** The same in words for the ladder. */
export const wordsOf = (error: unknown): string => safePhrase(error instanceof Error ? error.message : String(error));
