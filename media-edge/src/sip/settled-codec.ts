import type { Codec } from '../call/media.ts';
import { dtmfFor, isSameCodec, isTelephoneEvent } from '../sdp/codecs.ts';
import { NoCommonCodec } from '../sdp/sdp-error.ts';

/** What is used with one peer, under the peer's payload types. */
export interface SettledCodec {
  readonly codec: Codec;
  readonly dtmf: Codec | undefined;
}

/**
 * Reads the peer's choice out of its answer: its first codec, as most phones send in that one
 * (RFC 3264 s. 7), unless the one that is in use already is among the others.
 *
 * @param offered what we offered
 * @param inUse   from an earlier answer of this call: the other leg has been told of it
 * @throws NoCommonCodec when the peer answers with what was not offered, or without the codec in use
 */
export function settleCodec(answered: readonly Codec[], offered: readonly Codec[], inUse?: Codec): SettledCodec {
  const wanted = inUse === undefined ? offered : [inUse];
  const codec = answered.find((one) => !isTelephoneEvent(one) && wanted.some((other) => isSameCodec(other, one)));
  if (codec === undefined) throw new NoCommonCodec(wanted.map(nameOf), answered.map(nameOf));
  return { codec, dtmf: dtmfFor(codec, answered) };
}

const nameOf = (codec: Codec): string => `${codec.mimeType}/${codec.clockRate}`;

/** True if both mean the same packets on the wire. */
export const isSameSettled = (one: SettledCodec, other: SettledCodec): boolean =>
  isSameCodec(one.codec, other.codec) &&
  one.codec.payloadType === other.codec.payloadType &&
  one.dtmf?.payloadType === other.dtmf?.payloadType;
