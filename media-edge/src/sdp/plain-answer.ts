/** Our answer to the offer of a SIP peer. */
import type { Codec, Direction } from '../call/media.ts';
import { dtmfFor, isTelephoneEvent, pickCodec } from './codecs.ts';
import { answered } from './directions.ts';
import { type PlainOwner, type PlainStream, printPlain, refusedSection, streamSection } from './plain-line.ts';
import { type PlainDescription, type PlainLine, usedPlainLine } from './plain-read.ts';

/** What is agreed on for one line. The payload types are the peer's. */
export interface PlainAgreement {
  readonly codec: Codec;
  readonly dtmf: Codec | undefined;
  /** As we see it: as much of what we want as the offer allows. */
  readonly direction: Direction;
}

/**
 * Chooses one codec and its events from an offered line.
 *
 * @param codecs what the other leg answered, the codec in use first, under its own numbers
 * @param wanted the direction that we want
 * @throws NoCommonCodec when only transcoding could connect the two sides (488)
 */
export function agreeOn(line: PlainLine, codecs: readonly Codec[], wanted: Direction): PlainAgreement {
  const codec = pickCodec(line.media.codecs, codecs);
  return {
    codec,
    dtmf: isTelephoneEvent(codec) || line.kind !== 'audio' ? undefined : dtmfFor(codec, line.media.codecs),
    direction: answered(line.media.direction, wanted),
  };
}

export interface PlainAnswer extends PlainOwner {
  readonly offer: PlainDescription;
  /** One a kind; lines without one are refused. */
  readonly streams: readonly PlainStream[];
}

/** Writes the answer: the m-lines of the offer in their order, under their protocols. */
export function writePlainAnswer({ offer, streams, address, session }: PlainAnswer): string {
  const sections = offer.lines.map((line) => {
    const stream = streams.find(({ kind }) => line === usedPlainLine(offer, kind));
    return stream === undefined ? refusedSection(line) : streamSection(stream, stream.isRtcpMux);
  });
  return printPlain(sections, { address, session });
}
