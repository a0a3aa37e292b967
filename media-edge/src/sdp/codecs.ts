/** Which codecs two sides share, and what each calls them. Nothing here transcodes: what is not shared cannot be used. */
import type { Answer, Codec, MediaLine, Offer } from '../call/media.ts';
import { isSameH264, sharedProfileLevelId } from './h264.ts';
import { NoCommonCodec } from './sdp-error.ts';

/** What the media plane carries between browsers. */
const carried = new Set([
  'audio/opus',
  'audio/g722',
  'audio/pcmu',
  'audio/pcma',
  'audio/telephone-event',
  'video/vp8',
  'video/vp9',
  'video/h264',
  'video/av1',
]);

/** `audio/PCMU` and `audio/pcmu` are one (RFC 8866 s. 6.6). */
const nameOf = (codec: Codec): string => codec.mimeType.toLowerCase();

export const isTelephoneEvent = (codec: Codec): boolean => nameOf(codec) === 'audio/telephone-event';

export const isCarried = (codec: Codec): boolean => carried.has(nameOf(codec));

const picturesOfSip = new Set(['video/h264', 'video/vp8']);

/** What SIP phones and providers speak. */
export const isForSip = (codec: Codec): boolean =>
  isCarried(codec) && (nameOf(codec).startsWith('audio/') || picturesOfSip.has(nameOf(codec)));

/** True if what one side sends in this format the other side can play, whatever numbers they use. */
export function isSameCodec(one: Codec, other: Codec): boolean {
  if (nameOf(one) !== nameOf(other) || one.clockRate !== other.clockRate) return false;
  if ((one.channels ?? 1) !== (other.channels ?? 1)) return false;
  switch (nameOf(one)) {
    case 'video/h264':
      return isSameH264(one, other);
    // The profile decides the bit depth and the colour format, so it must be the same (RFC 9628 s. 6.1; AV1 RTP s. 7.2).
    case 'video/vp9':
      return parameterOf(one, 'profile-id') === parameterOf(other, 'profile-id');
    case 'video/av1':
      return parameterOf(one, 'profile') === parameterOf(other, 'profile');
    default:
      return true;
  }
}

const parameterOf = (codec: Codec, name: string): string => String(codec.parameters[name] ?? 0);

/**
 * What `other` has of `own`, in the order of `other`, under the numbers of `own`.
 * The parameters are those of `other`: they say what it can receive, which is what `own` has to send.
 */
export function inOwnTerms(own: readonly Codec[], other: readonly Codec[]): Codec[] {
  const taken = new Set<Codec>();
  return other.flatMap((wanted) => {
    const match = own.find((codec) => !taken.has(codec) && isSameCodec(codec, wanted));
    if (match === undefined) return [];
    taken.add(match);
    return [{ ...match, parameters: sharedParameters(match, wanted) }];
  });
}

function sharedParameters(own: Codec, other: Codec): Codec['parameters'] {
  if (nameOf(own) !== 'video/h264') return other.parameters;
  return { ...other.parameters, 'profile-level-id': sharedProfileLevelId(own, other) };
}

/**
 * The codec to use on a line: the first of the other side's that we have too.
 *
 * @throws NoCommonCodec when only transcoding could connect the two
 */
export function pickCodec(own: readonly Codec[], other: readonly Codec[]): Codec {
  const found = inOwnTerms(own, other).find((codec) => !isTelephoneEvent(codec));
  if (found === undefined) throw new NoCommonCodec(own.map(toText), other.map(toText));
  return found;
}

/** `opus/48000/2` */
const toText = (codec: Codec): string =>
  [codec.mimeType.slice(codec.mimeType.indexOf('/') + 1), codec.clockRate, codec.channels ?? []].flat().join('/');

/**
 * The telephone-event to use beside `codec`. Its clock is that of the codec (RFC 4733 s. 2.1);
 * Firefox and many phones name only the one of 8000 Hz also next to Opus, so that is the second choice.
 */
export function dtmfFor(codec: Codec, codecs: readonly Codec[]): Codec | undefined {
  const events = codecs.filter(isTelephoneEvent);
  return (
    events.find((event) => event.clockRate === codec.clockRate) ?? events.find((event) => event.clockRate === 8000)
  );
}

/** The same offer with only the codecs that `isWanted`; a line that has none left is refused. */
export function offerOnly(offer: Offer, isWanted: (codec: Codec) => boolean): Offer {
  return { lines: offer.lines.map((line) => lineOnly(line, isWanted)) };
}

function lineOnly(line: MediaLine, isWanted: (codec: Codec) => boolean): MediaLine {
  const codecs = line.codecs.filter(isWanted);
  return codecs.some((codec) => !isTelephoneEvent(codec)) ? { ...line, codecs } : refusedLine(line);
}

/** The line as one that is not used. */
export const refusedLine = (line: MediaLine): MediaLine => ({ kind: line.kind, direction: 'inactive', codecs: [] });

export const isRefused = (line: MediaLine): boolean => line.codecs.length === 0;

/** The line of this kind that is in use. */
export const lineOf = (description: Offer | Answer, kind: MediaLine['kind']): MediaLine | undefined =>
  description.lines.find((line) => line.kind === kind && !isRefused(line));
