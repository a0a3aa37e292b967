/** Our answer to the offer of a peer on plain RTP. */
import type { Codec, Direction } from '../call/media.ts';
import { dtmfFor, pickCodec } from './codecs.ts';
import { answered } from './directions.ts';
import type { LocalStream } from './plain-offer.ts';
import { audioSection, printPlain, refusedSection } from './plain-offer.ts';
import type { PlainDescription, PlainLine } from './plain-read.ts';
import { usedPlainLine } from './plain-read.ts';
import { NoCommonCodec } from './sdp-error.ts';

export interface PlainAnswer {
  readonly offer: PlainDescription;
  /** What the other leg answered, the codec in use first, under its own numbers. */
  readonly codecs: readonly Codec[];
  /** What we want, as we see it; the answer says as much of it as the offer allows. */
  readonly direction: Direction;
  readonly stream: LocalStream;
  readonly session: { readonly id: string; readonly version: number };
}

/** What the answer settled. The payload types are the peer's. */
export interface PlainAgreement {
  readonly sdp: string;
  readonly codec: Codec;
  readonly dtmf: Codec | undefined;
  readonly direction: Direction;
}

/**
 * Writes the answer: the m-lines of the offer in their order, one audio codec and its events, all else refused.
 *
 * @throws NoCommonCodec when only transcoding could connect the two sides (488)
 */
export function writePlainAnswer(answer: PlainAnswer): PlainAgreement {
  const { offer } = answer;
  const audio = usedPlainLine(offer, 'audio');
  if (audio === undefined) throw new NoCommonCodec(offer.lines.map(describe), ['audio on RTP/AVP']);
  const codec = pickCodec(audio.media.codecs, answer.codecs);
  const dtmf = dtmfFor(codec, audio.media.codecs);
  const direction = answered(audio.media.direction, answer.direction);
  const sections = offer.lines.map((line) =>
    line === audio
      ? { ...audioSection(answer.stream, direction, [codec, dtmf ?? []].flat()), protocol: line.protocol }
      : refusedSection(line),
  );
  return { sdp: printPlain(sections, answer.stream.address, answer.session), codec, dtmf, direction };
}

/** `video on RTP/AVP`, or why the line cannot be used. */
const describe = (line: PlainLine): string => line.refusal ?? `${line.kind} on ${line.protocol}`;
