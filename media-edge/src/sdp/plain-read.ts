/**
 * What a SIP peer says in its offer or answer (RFC 3264): lines for the other leg, and where its media goes.
 *
 *     v=0
 *     o=- 3394 7 IN IP4 198.51.100.7
 *     s=call
 *     c=IN IP4 198.51.100.7
 *     t=0 0
 *     m=audio 5004 RTP/AVP 0 101
 *     a=rtpmap:101 telephone-event/8000
 *     a=sendonly
 */
import type { Direction, MediaLine, Offer } from '../call/media.ts';
import { maxBitrateOf, mediaKind } from './browser-offer.ts';
import { refusedLine } from './codecs.ts';
import { parseDescription } from './description.ts';
import { receives, sends, toDirection } from './directions.ts';
import { readFormats } from './formats.ts';
import { isIpAddress } from './ip-address.ts';
import { isPlainProfile, isSecureProfile, type SdesKey, usableKeys } from './sdes.ts';
import { SdpError } from './sdp-error.ts';
import type { Description, Fingerprint, Section } from './section.ts';

export interface PlainDescription {
  /** Every m-line in its order. */
  readonly lines: readonly PlainLine[];
  /** One line for each kind that we know, in order of first appearance. */
  readonly neutral: Offer;
  /** `o=` of the peer: the same id and version mean that nothing has changed (RFC 3264 s. 8). */
  readonly session: { readonly id: string; readonly version: number };
}

export interface PlainLine {
  readonly kind: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** False: port 0, a protocol we do not speak, or the second of its kind. It is refused. */
  readonly isUsable: boolean;
  /** Why a line with a port is not usable, for the ladder: `m=image is not supported`. */
  readonly refusal?: string;
  readonly media: MediaLine;
  /** Where the peer wants RTP and RTCP. */
  readonly remote: { readonly address: string; readonly port: number; readonly rtcpPort: number };
  readonly isRtcpMux: boolean;
  /** Keys that the peer offers, or has chosen, most wanted first; those that we cannot use are not among them. */
  readonly keys: readonly SdesKey[];
  /** ICE and DTLS of the peer, where the line has them; its address is then where its checks come from. */
  readonly dtls?: { readonly setup: string | undefined; readonly fingerprint: Fingerprint };
  /** Of the peer's stream, where it says so. */
  readonly ssrc?: number | undefined;
  /** What the peer takes of RTCP feedback, of whichever format: `nack pli`, `ccm fir`. */
  readonly feedback: readonly string[];
  /** The peer has put us on hold: it takes no media (RFC 3264 s. 8.4). */
  readonly isHeld: boolean;
  readonly packetTimeMs?: number;
}

/**
 * Reads a SIP peer's offer or answer.
 *
 * @throws SdpError when it is no SDP, or a used line has no address to send to
 */
export function readPlainDescription(sdp: string): PlainDescription {
  const description = parseDescription(sdp);
  const lines: PlainLine[] = [];
  for (const section of description.sections) {
    const isSecond = lines.some((line) => line.kind === section.kind && line.isUsable);
    lines.push(
      toLine(
        description,
        section,
        isSecond ? `a second m=${section.kind} line is not supported` : refusalOf(description, section),
      ),
    );
  }
  return {
    lines,
    neutral: { lines: neutralLines(lines) },
    session: { id: description.origin.sessionId, version: description.origin.version },
  };
}

/** The line of this kind that carries media. */
export const usedPlainLine = (description: PlainDescription, kind: MediaLine['kind']): PlainLine | undefined =>
  description.lines.find((line) => line.kind === kind && line.isUsable);

function refusalOf(description: Description, section: Section): string | undefined {
  if (mediaKind(section.kind) === undefined) return `m=${section.kind} is not supported`;
  if (isPlainProfile(section.protocol)) return undefined;
  if (isSecureProfile(section.protocol))
    return usableKeys(section.cryptos).length > 0 ? undefined : `${section.protocol} comes without a key that is known`;
  if (isDtlsProfile(section.protocol)) return dtlsRefusal(description, section);
  return `${section.protocol} is not supported`;
}

/** RFC 5764 s. 8, RFC 5763: what SIP peers with ICE call it. */
const isDtlsProfile = (protocol: string): boolean => /^(UDP|TCP)\/(TLS|DTLS)\/RTP\/SAVPF?$/.test(protocol);

/** SHA-1 is no longer a proof of anything (RFC 8122 s. 5). */
const knownHashes: ReadonlySet<string> = new Set(['sha-224', 'sha-256', 'sha-384', 'sha-512']);

/** Without ICE nobody would know where a peer behind a NAT is, and two agents that only answer never find each other. */
function dtlsRefusal(description: Description, section: Section): string | undefined {
  const { protocol } = section;
  if (description.isIceLite) return `${protocol} of an ice-lite peer is not supported, this gateway is one itself`;
  if ((section.ice ?? description.ice) === undefined)
    return `${protocol} is encryption by DTLS without ICE, expected ICE, or keys by SDES`;
  if (!section.isRtcpMux) return `${protocol} comes without a=rtcp-mux, expected one port for RTP and RTCP`;
  const fingerprint = section.fingerprint ?? description.fingerprint;
  if (fingerprint !== undefined && knownHashes.has(fingerprint.algorithm)) return undefined;
  return `${protocol} has no a=fingerprint by SHA-256, expected one`;
}

function dtlsOf(description: Description, section: Section): Pick<PlainLine, 'dtls'> {
  const fingerprint = section.fingerprint ?? description.fingerprint;
  if (fingerprint === undefined || !isDtlsProfile(section.protocol)) return {};
  return { dtls: { setup: section.setup ?? description.setup, fingerprint } };
}

function toLine(description: Description, section: Section, refusal: string | undefined): PlainLine {
  const isUsable = section.port !== 0 && refusal === undefined;
  const address = section.address ?? description.address ?? '';
  const isByIce = isDtlsProfile(section.protocol);
  if (isUsable && !isByIce && !isIpAddress(address))
    throw new SdpError(`sdp has the address '${address.slice(0, 60)}' for m=${section.kind}, expected an ip address`);
  const direction = directionOf(description, section, isByIce ? '' : address);
  const kind = mediaKind(section.kind);
  return {
    kind: section.kind,
    protocol: section.protocol,
    formats: section.formats,
    isUsable,
    ...(section.port !== 0 && refusal !== undefined ? { refusal } : {}),
    media: {
      kind: kind ?? 'audio',
      direction: isUsable ? direction : 'inactive',
      codecs: isUsable && kind !== undefined ? readFormats(section, kind).map(({ codec }) => codec) : [],
      ...(maxBitrateOf(section) === undefined ? {} : { maxBitrateBps: maxBitrateOf(section) }),
    },
    remote: { address, port: section.port, rtcpPort: rtcpPortOf(section) },
    isRtcpMux: section.isRtcpMux,
    keys: usableKeys(section.cryptos),
    ...dtlsOf(description, section),
    ssrc: section.ssrcs[0]?.ssrc,
    feedback: [...new Set(section.feedback.map(({ value }) => value))],
    isHeld: isUsable && !receives(direction),
    packetTimeMs: section.packetTimeMs,
  };
}

/** RFC 3264 s. 8.4: the old way of holding is the address 0.0.0.0, to which nothing can be sent. */
function directionOf(description: Description, section: Section, address: string): Direction {
  const written = section.direction ?? description.direction ?? 'sendrecv';
  return isNowhere(address) ? toDirection(sends(written), false) : written;
}

const isNowhere = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** One port for both (RFC 5761 s. 5.1.3), or the one named (RFC 3605), else the port above (RFC 3550 s. 11). */
function rtcpPortOf(section: Section): number {
  if (section.isRtcpMux) return section.port;
  if (section.rtcpPort !== undefined && section.rtcpPort > 0) return section.rtcpPort;
  return Math.min(section.port + 1, 65535);
}

function neutralLines(lines: readonly PlainLine[]): MediaLine[] {
  const kinds = [...new Set(lines.flatMap((line) => mediaKind(line.kind) ?? []))];
  return kinds.map(
    (kind) =>
      lines.find((line) => line.kind === kind && line.isUsable)?.media ??
      refusedLine({ kind, direction: 'inactive', codecs: [] }),
  );
}
