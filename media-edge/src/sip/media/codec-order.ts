import type { Codec } from '../../call/media.ts';
import { isTelephoneEvent } from '../../sdp/codecs.ts';

/** Names of codecs without their kind, most wanted first; those that are not named are not used with phones. */
export type CodecOrder = readonly string[];

/** Every name that may be in an order. */
export const orderableCodecs: CodecOrder = ['opus', 'G722', 'PCMU', 'PCMA', 'H264', 'VP8'];

export const pictureCodecs: ReadonlySet<string> = new Set(['H264', 'VP8']);

/** @returns the codecs that are named, in that order; events stay, behind them */
export function inOrder(codecs: readonly Codec[], order: CodecOrder | undefined): readonly Codec[] {
  if (order === undefined) return codecs;
  const placeOf = (codec: Codec): number =>
    isTelephoneEvent(codec) ? order.length : order.findIndex((name) => nameOf(codec) === name.toLowerCase());
  return codecs.filter((codec) => placeOf(codec) !== -1).toSorted((one, other) => placeOf(one) - placeOf(other));
}

const nameOf = ({ mimeType }: Codec): string => mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase();
