import type { Codec } from '../../call/media.ts';
import { dtmfFor, isSameCodec, isTelephoneEvent } from '../../sdp/codecs.ts';
import { isSimilarH264, sharedProfileLevelId } from '../../sdp/h264.ts';
import { NoCommonCodec } from '../../sdp/sdp-error.ts';

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
  const codec = answered.filter((one) => !isTelephoneEvent(one)).flatMap((one) => inOurTerms(one, wanted) ?? [])[0];
  if (codec === undefined) throw new NoCommonCodec(wanted.map(nameOf), answered.map(nameOf));
  return { codec, dtmf: dtmfFor(codec, answered) };
}

/**
 * The codec of an answer, if we have it. A phone may answer H.264 with its own plain profile, constrained or not: what
 * it sends is decoded all the same, so the profile stays that of our offer.
 */
function inOurTerms(answered: Codec, wanted: readonly Codec[]): Codec | undefined {
  if (wanted.some((other) => isSameCodec(other, answered))) return answered;
  const similar = wanted.find((other) => isPicture(other) && isPicture(answered) && isSimilarH264(other, answered));
  if (similar === undefined) return undefined;
  const profile = { 'profile-level-id': sharedProfileLevelId(similar, answered) };
  return { ...answered, parameters: { ...answered.parameters, ...profile } };
}

const isPicture = ({ mimeType }: Codec): boolean => mimeType.toLowerCase() === 'video/h264';

const nameOf = (codec: Codec): string => `${codec.mimeType}/${codec.clockRate}`;

/** True if both mean the same packets on the wire. */
export const isSameSettled = (one: SettledCodec, other: SettledCodec): boolean =>
  isSameCodec(one.codec, other.codec) &&
  one.codec.payloadType === other.codec.payloadType &&
  one.dtmf?.payloadType === other.dtmf?.payloadType;
