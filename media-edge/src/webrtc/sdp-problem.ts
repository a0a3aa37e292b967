import { readBrowserDescription } from '../sdp/browser-offer.ts';
import { SdpError } from '../sdp/sdp-error.ts';

/** Why a browser's SDP cannot be used at all, in words for its client; `undefined` if it can. */
export function sdpProblem(sdp: string): string | undefined {
  try {
    readBrowserDescription(sdp);
    return undefined;
  } catch (error) {
    if (error instanceof SdpError) return error.message;
    throw error;
  }
}
