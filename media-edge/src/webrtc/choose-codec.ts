import type { Codec, MediaLine } from '../call/media.ts';
import type { RouterCapabilities } from '../ports/sfu.ts';
import type { BrowserLine } from '../sdp/browser-offer.ts';
import { inOwnTerms, isTelephoneEvent, pickCodec } from '../sdp/codecs.ts';
import { isReceivable } from '../sdp/rtp-parameters.ts';

/** A codec for one line, under the browser's number, and whether the router can send it under that number. */
export interface ChosenCodec {
  readonly codec: Codec;
  readonly isReceivable: boolean;
}

/**
 * Picks the codec of a line.
 *
 * @param far     what the far side takes, the one in use first
 * @param current the one in use on this line, which stays if the browser still has it
 * @throws NoCommonCodec when only transcoding could connect the two sides
 */
export function chooseCodec(
  line: BrowserLine,
  far: MediaLine,
  current: Codec | undefined,
  capabilities: RouterCapabilities,
): ChosenCodec {
  const own = line.codecs.map(({ codec }) => codec);
  const kept = own.find((codec) => codec.payloadType === current?.payloadType && codec.mimeType === current.mimeType);
  if (current && kept) return { codec: current, isReceivable: isReceivable(kept, capabilities) };
  const shared = inOwnTerms(own, far.codecs).filter((codec) => !isTelephoneEvent(codec));
  const receivable = shared.find((codec) => isReceivable(codec, capabilities));
  if (receivable) return { codec: receivable, isReceivable: true };
  return { codec: pickCodec(own, far.codecs), isReceivable: false };
}
