/** The formats of an m-line as codecs, and codecs as the attributes of an m-line (RFC 8866 s. 6.6, 6.15). */
import type { Codec, MediaKind } from '../call/media.ts';
import { isTelephoneEvent } from './codecs.ts';
import type { FormatMap, Section } from './section.ts';

/** What an m-line says of one codec. */
export interface LineCodec {
  readonly codec: Codec;
  /** Retransmissions of it (RFC 4588). */
  readonly rtxPayloadType?: number;
  /** Values of `a=rtcp-fb`: `nack`, `nack pli`, `transport-cc`. */
  readonly feedback: readonly string[];
}

/** RFC 3551 s. 6: what these numbers mean without an `a=rtpmap`. The clock of G.722 is 8000 by an old mistake (s. 4.5.2). */
const staticFormats: readonly FormatMap[] = [
  { payloadType: 0, encoding: 'PCMU', clockRate: 8000 },
  { payloadType: 3, encoding: 'GSM', clockRate: 8000 },
  { payloadType: 4, encoding: 'G723', clockRate: 8000 },
  { payloadType: 8, encoding: 'PCMA', clockRate: 8000 },
  { payloadType: 9, encoding: 'G722', clockRate: 8000 },
  { payloadType: 13, encoding: 'CN', clockRate: 8000 },
  { payloadType: 18, encoding: 'G729', clockRate: 8000 },
];

/** One spelling each: SDP compares these names without regard to case (RFC 8866 s. 6.6). */
const spellings = ['opus', 'G722', 'PCMU', 'PCMA', 'telephone-event', 'VP8', 'VP9', 'H264', 'AV1'];

/** They repair or fill other streams and are no codecs of their own. */
const auxiliary = new Set(['rtx', 'red', 'ulpfec', 'flexfec', 'flexfec-03', 'cn']);

/** Codecs in the order of the m-line, telephone-event last and once per clock rate. */
export function readFormats(section: Section, kind: MediaKind): LineCodec[] {
  const maps = section.formats.flatMap((format) => formatMap(section, Number(format)));
  const all = maps
    .filter((map) => !auxiliary.has(map.encoding.toLowerCase()))
    .map((map) => toLineCodec(section, kind, map, maps));
  const isFirst = (item: LineCodec, index: number, items: readonly LineCodec[]): boolean =>
    items.findIndex((other) => other.codec.clockRate === item.codec.clockRate) === index;
  return [
    ...all.filter(({ codec }) => !isTelephoneEvent(codec)),
    ...all.filter(({ codec }) => isTelephoneEvent(codec)).filter(isFirst),
  ];
}

/** A number that is neither mapped nor static says nothing and is passed over. */
function formatMap(section: Section, payloadType: number): FormatMap[] {
  const map =
    section.formatMaps.find((item) => item.payloadType === payloadType) ??
    staticFormats.find((item) => item.payloadType === payloadType);
  return map === undefined ? [] : [map];
}

function toLineCodec(section: Section, kind: MediaKind, map: FormatMap, maps: readonly FormatMap[]): LineCodec {
  const encoding = spellings.find((name) => name.toLowerCase() === map.encoding.toLowerCase()) ?? map.encoding;
  const parameters = encoding === 'telephone-event' ? {} : parametersOf(section, map.payloadType);
  // RFC 7587 s. 7: Opus is written as two channels whatever it carries; some phones leave the number out.
  const channels = encoding === 'opus' ? 2 : map.channels;
  return {
    codec: {
      mimeType: `${kind}/${encoding}`,
      clockRate: map.clockRate,
      payloadType: map.payloadType,
      parameters,
      ...(kind === 'audio' && channels !== undefined && channels > 1 ? { channels } : {}),
    },
    rtxPayloadType: maps.find(
      (other) =>
        other.encoding.toLowerCase() === 'rtx' &&
        Number(parametersOf(section, other.payloadType).apt) === map.payloadType,
    )?.payloadType,
    feedback: section.feedback
      .filter((line) => line.payloadType === '*' || line.payloadType === map.payloadType)
      .map((line) => line.value),
  };
}

const parametersOf = (section: Section, payloadType: number): Codec['parameters'] =>
  readParameters(section.formatParameters.find((line) => line.payloadType === payloadType)?.text ?? '');

/** `minptime=10;useinbandfec=1` as a record. What is not `name=value` (`0-15`, `111/111`) has no place in it. */
export function readParameters(text: string): Codec['parameters'] {
  const pairs = text.split(';').flatMap((part): [string, string | number][] => {
    const match = /^([A-Za-z][\w.-]*)=(.*)$/.exec(part.trim());
    return match?.[1] === undefined || match[2] === undefined
      ? []
      : [[match[1].toLowerCase(), parameterValue(match[1].toLowerCase(), match[2])]];
  });
  return Object.fromEntries(pairs);
}

/** `profile-level-id` is hexadecimal also where it has decimal digits only. */
function parameterValue(name: string, text: string): string | number {
  return name !== 'profile-level-id' && /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : text;
}

/** The lines that describe these codecs, in the order given. */
export function writeFormats(
  codecs: readonly LineCodec[],
): Pick<Section, 'formats' | 'formatMaps' | 'formatParameters' | 'feedback'> {
  const repaired = codecs.flatMap(({ codec, rtxPayloadType }) =>
    rtxPayloadType === undefined ? [] : [{ codec, rtxPayloadType }],
  );
  const plain = codecs.map(({ codec }) => codec);
  return {
    formats: codecs
      .flatMap(({ codec, rtxPayloadType }) => [codec.payloadType, rtxPayloadType ?? []].flat())
      .map(String),
    formatMaps: [
      ...plain.map(toFormatMap),
      ...repaired.map(({ codec, rtxPayloadType }) => ({
        payloadType: rtxPayloadType,
        encoding: 'rtx',
        clockRate: codec.clockRate,
      })),
    ],
    formatParameters: [
      ...plain.flatMap((codec) => {
        const text = writeParameters(codec);
        return text === '' ? [] : [{ payloadType: codec.payloadType, text }];
      }),
      ...repaired.map(({ codec, rtxPayloadType }) => ({
        payloadType: rtxPayloadType,
        text: `apt=${codec.payloadType}`,
      })),
    ],
    feedback: codecs.flatMap(({ codec, feedback }) =>
      feedback.map((value) => ({ payloadType: codec.payloadType, value })),
    ),
  };
}

const toFormatMap = (codec: Codec): FormatMap => ({
  payloadType: codec.payloadType,
  encoding: codec.mimeType.slice(codec.mimeType.indexOf('/') + 1),
  clockRate: codec.clockRate,
  ...(codec.channels === undefined || codec.channels === 1 ? {} : { channels: codec.channels }),
});

function writeParameters(codec: Codec): string {
  // RFC 4733 s. 2.4.1: the sixteen DTMF events.
  if (isTelephoneEvent(codec)) return '0-15';
  return Object.entries(codec.parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
}
