/** The description that we send to a SIP peer as our offer; `plain-line.ts` has its lines. */
import type { Codec } from '../call/media.ts';
import { isForSip, isTelephoneEvent } from './codecs.ts';
import { onePerMode } from './h264.ts';
import { type PlainOwner, type PlainStream, printPlain, refusedSection, streamSection } from './plain-line.ts';
import { NoCommonCodec } from './sdp-error.ts';

export interface PlainOffer extends PlainOwner {
  /** What is wanted, one a kind. */
  readonly streams: readonly PlainStream[];
  /** The m-lines of the session so far, in order; those that are not wanted any more end (RFC 3264 s. 8.2). */
  readonly lines?: readonly { readonly kind: string; readonly protocol: string; readonly formats: readonly string[] }[];
}

/** Writes the offer: the lines of the session in their places, then what is new. */
export function writePlainOffer({ streams, lines = [], address, session }: PlainOffer): string {
  const placeOf = (kind: string): number => lines.findIndex((line) => line.kind === kind);
  const known = lines.map((line, index) => {
    const stream = streams.find(({ kind }) => kind === line.kind);
    return stream === undefined || placeOf(line.kind) !== index ? refusedSection(line) : streamSection(stream, false);
  });
  const added = streams.filter(({ kind }) => placeOf(kind) === -1).map((stream) => streamSection(stream, false));
  return printPlain([...known, ...added], { address, session });
}

/**
 * The sound that is offered on behalf of a leg with these codecs.
 *
 * @throws NoCommonCodec when nothing of it exists on SIP
 */
export function soundForSip(codecs: readonly Codec[]): Codec[] {
  const usable = codecs.filter((codec) => isForSip(codec) && codec.mimeType.startsWith('audio/'));
  const media = usable.filter((codec) => !isTelephoneEvent(codec));
  if (media.length === 0) {
    throw new NoCommonCodec(
      codecs.map((codec) => codec.mimeType),
      ['audio/opus', 'audio/G722', 'audio/PCMU', 'audio/PCMA'],
    );
  }
  return withEvents(media.map(forPhones), usable.filter(isTelephoneEvent));
}

/** The same for pictures; none is no fault, since a call goes on without. */
export function picturesForSip(codecs: readonly Codec[]): Codec[] {
  const pictures = codecs.filter((codec) => isForSip(codec) && codec.mimeType.startsWith('video/'));
  const offered = onePerMode(pictures.filter(isH264));
  return pictures.filter((codec) => !isH264(codec) || offered.includes(codec));
}

const isH264 = ({ mimeType }: Codec): boolean => mimeType.toLowerCase() === 'video/h264';

/** Numbers for events that the other leg has none for; 101 is what phones expect. */
const eventNumbers = [101, 100, ...Array.from({ length: 30 }, (_, index) => 127 - index)];

/**
 * One telephone-event for each clock (RFC 4733 s. 2.1). They are offered also for a leg without any:
 * the relay itself hears and makes the events of the plain side.
 */
function withEvents(media: readonly Codec[], known: readonly Codec[]): Codec[] {
  const all = [...media];
  const isFree = (number: number): boolean => [...all, ...known].every((codec) => codec.payloadType !== number);
  for (const clockRate of new Set(media.map((codec) => codec.clockRate))) {
    const own = known.find((event) => event.clockRate === clockRate);
    const payloadType = own?.payloadType ?? eventNumbers.find(isFree);
    if (payloadType !== undefined)
      all.push({ mimeType: 'audio/telephone-event', clockRate, payloadType, parameters: {} });
  }
  return all;
}

/** Static numbers where there are any: some phones know PCMU as 0 only (RFC 3551 s. 6). */
function forPhones(codec: Codec): Codec {
  const number = staticNumbers.get(codec.mimeType.toLowerCase());
  return number === undefined ? codec : { ...codec, payloadType: number };
}

const staticNumbers = new Map([
  ['audio/pcmu', 0],
  ['audio/pcma', 8],
  ['audio/g722', 9],
]);

/**
 * The version for the next description of a session: one more when anything but the version differs
 * from the last one sent, else the same (RFC 3264 s. 8).
 *
 * @param write prints the next description under a given version
 */
export function nextVersion(
  last: { sdp: string; version: number } | undefined,
  write: (version: number) => string,
): { sdp: string; version: number } {
  if (last === undefined) return { sdp: write(1), version: 1 };
  const same = write(last.version);
  return same === last.sdp ? last : { sdp: write(last.version + 1), version: last.version + 1 };
}
