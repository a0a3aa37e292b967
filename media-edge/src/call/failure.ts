import { NoCommonCodec, SdpError } from '../sdp/sdp-error.ts';
import { UpdateRefused } from './call-leg.ts';
import { causeOf, type EndCause } from './end-cause.ts';

/** What an error in the making of media means for the call. */
export function causeOfFailure(error: unknown): EndCause {
  if (error instanceof NoCommonCodec || error instanceof SdpError) return causeOf(488, 'gateway', error.message);
  if (error instanceof UpdateRefused) return causeOf(error.code, 'callee', error.message);
  return causeOf(500, 'gateway', error instanceof Error ? error.message : String(error));
}
