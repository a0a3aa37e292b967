/** The description that we send to a peer on plain RTP, as its offer; `plain-answer.ts` shares the lines. */
import type { Codec, Direction, MediaKind } from '../call/media.ts';
import { isForSip, isTelephoneEvent } from './codecs.ts';
import { printDescription } from './description.ts';
import { writeFormats } from './formats.ts';
import { NoCommonCodec } from './sdp-error.ts';
import type { Section } from './section.ts';
import { blankSection } from './section.ts';

/** Our end of one stream. */
export interface LocalStream {
  /** Where the peer sends: our address and the RTP port; RTCP is on the port above. */
  readonly address: string;
  readonly port: number;
}

export interface PlainOffer {
  /** What the other leg offered, most wanted first. */
  readonly codecs: readonly Codec[];
  /** As we see it; `sendonly` and `inactive` hold the peer (RFC 3264 s. 8.4). */
  readonly direction: Direction;
  readonly stream: LocalStream;
  /** Stays over the session; the version rises with each change (see `nextVersion`). */
  readonly session: { readonly id: string; readonly version: number };
  /** Kinds of the m-lines of the session so far, in order; those other than audio stay ended (RFC 3264 s. 8.2). */
  readonly lines?: readonly { readonly kind: string; readonly protocol: string; readonly formats: readonly string[] }[];
}

/** Milliseconds of sound in a packet that every phone accepts (RFC 3551 s. 4.5). */
const packetTimeMs = 20;

/**
 * Writes the offer for a peer on plain RTP: one audio line, RTP/AVP.
 *
 * @throws NoCommonCodec when nothing that was offered exists on SIP
 */
export function writePlainOffer(offer: PlainOffer): string {
  const codecs = codecsForSip(offer.codecs);
  const audio = audioSection(offer.stream, offer.direction, codecs);
  const before = offer.lines ?? [{ kind: 'audio', protocol: audio.protocol, formats: audio.formats }];
  const place = before.findIndex((line) => line.kind === 'audio');
  const sections = before.map((line, index) =>
    index === place ? { ...audio, protocol: line.protocol } : refusedSection(line),
  );
  return printPlain(place === -1 ? [...sections, audio] : sections, offer.stream.address, offer.session);
}

/** @throws NoCommonCodec when nothing is left */
export function codecsForSip(codecs: readonly Codec[]): Codec[] {
  const usable = codecs.filter(isForSip);
  const media = usable.filter((codec) => !isTelephoneEvent(codec));
  if (media.length === 0) {
    throw new NoCommonCodec(
      codecs.map((codec) => codec.mimeType),
      ['audio/opus', 'audio/G722', 'audio/PCMU', 'audio/PCMA'],
    );
  }
  return withEvents(media.map(forPhones), usable.filter(isTelephoneEvent));
}

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

/** The audio line with these codecs. */
export function audioSection(stream: LocalStream, direction: Direction, codecs: readonly Codec[]): Section {
  return {
    ...blankSection,
    kind: 'audio' satisfies MediaKind,
    port: stream.port,
    protocol: 'RTP/AVP',
    direction,
    // RFC 3605: says where RTCP goes to those who read it; the others use the port above, which is the same.
    rtcpPort: stream.port + 1,
    ...writeFormats(codecs.map((codec) => ({ codec, feedback: [] }))),
    packetTimeMs,
  };
}

/** RFC 3264 s. 6: port 0 and the formats of the offer. */
export const refusedSection = (line: {
  readonly kind: string;
  readonly protocol: string;
  readonly formats: readonly string[];
}): Section => ({
  ...blankSection,
  kind: line.kind,
  port: 0,
  protocol: line.protocol,
  formats: line.formats,
});

export const printPlain = (
  sections: readonly Section[],
  address: string,
  session: { id: string; version: number },
): string =>
  printDescription({
    origin: { sessionId: session.id, version: session.version, address },
    address,
    isIceLite: false,
    bundles: [],
    extensions: [],
    sections,
  });

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
