import type { Offer } from '../../call/media.ts';
import { isForSip, isRefused, offerOnly } from '../../sdp/codecs.ts';
import { receives } from '../../sdp/directions.ts';
import type { PlainDescription } from '../../sdp/plain-read.ts';
import { type CodecOrder, inOrder } from './codec-order.ts';

/**
 * A peer's offer for the other leg: what SIP can carry, as our settings order it. Who holds from the start is told as
 * such after the answer; to the other leg both directions are open.
 */
export function neutralOffer({ neutral }: PlainDescription, order: CodecOrder | undefined): Offer {
  const ordered = neutral.lines.map((line) => ({ ...line, codecs: inOrder(line.codecs, order) }));
  const { lines } = offerOnly({ lines: ordered }, isForSip);
  const isHeld = lines.some((line) => line.kind === 'audio' && !receives(line.direction));
  return {
    lines: lines.map((line) =>
      isRefused(line) || (line.kind === 'video' && !isHeld) ? line : { ...line, direction: 'sendrecv' },
    ),
  };
}
