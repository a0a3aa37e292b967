/**
 * SDP text to data and back (RFC 8866). The library hands numbers for what looks like one, whatever the field,
 * and leaves out what it cannot read: everything is brought to the type that `section.ts` promises here.
 *
 *     v=0
 *     o=- 8260385416619627526 2 IN IP4 127.0.0.1
 *     s=-
 *     t=0 0
 *     a=group:BUNDLE 0
 *     m=audio 9 UDP/TLS/RTP/SAVPF 111 0
 *     a=mid:0
 *     a=rtpmap:111 opus/48000/2
 */
import { maxSdpChars } from '@sylk/protocol/limits.ts';
import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { parse, write } from 'sdp-transform';
import type { Direction } from '../call/media.ts';
import { SdpError } from './sdp-error.ts';
import type { Crypto, Description, ExtensionMap, Section } from './section.ts';

/** Far beyond what browsers and phones write, and cheap to work through. */
const maxLines = 1200;
const maxLineChars = 2048;
const maxSections = 8;
const maxFormats = 96;
const maxSsrcs = 64;
const maxCryptos = 8;

/**
 * Reads a description and refuses what no honest endpoint sends.
 *
 * @throws SdpError for a text that is no SDP, or beyond the limits above
 */
export function parseDescription(text: string): Description {
  checkText(text);
  const session = parse(text);
  if (session.origin === undefined || String(session.origin.sessionId) === '')
    throw new SdpError('sdp has no usable o= line');
  if (session.media.length === 0) throw new SdpError('sdp has no m= line');
  if (session.media.length > maxSections) {
    throw new SdpError(`sdp has ${session.media.length} m= lines, at most ${maxSections} are allowed`);
  }
  const sections = session.media.map(toSection);
  checkMids(sections);
  return {
    origin: {
      sessionId: String(session.origin.sessionId),
      version: Number(session.origin.sessionVersion),
      address: String(session.origin.address),
    },
    address: toAddress(session.connection),
    isIceLite: session.icelite !== undefined,
    bundles: (session.groups ?? []).filter((group) => group.type === 'BUNDLE').map((group) => words(group.mids)),
    direction: toDirection(session.direction),
    ...transportAttributes(session),
    extensions: toExtensions(session.ext),
    sections,
  };
}

function checkText(text: string): void {
  if (text.length > maxSdpChars)
    throw new SdpError(`sdp has ${text.length} characters, at most ${maxSdpChars} are allowed`);
  if (!/^v=0\r?\n/.test(text)) throw new SdpError("sdp does not begin with 'v=0'");
  // A byte of zero, or what a decoder puts in place of broken UTF-8, has no place in any attribute we use.
  if (/[\0\uFFFD]/.test(text)) throw new SdpError('sdp has characters that are no text');
  const lines = text.split('\n');
  if (lines.length > maxLines) throw new SdpError(`sdp has ${lines.length} lines, at most ${maxLines} are allowed`);
  if (lines.some((line) => line.length > maxLineChars))
    throw new SdpError(`sdp has a line of over ${maxLineChars} characters`);
}

/** RFC 5888 s. 4: a mid names one m-line. */
function checkMids(sections: readonly Section[]): void {
  const mids = sections.flatMap((section) => (section.mid === undefined ? [] : [section.mid]));
  const twice = mids.find((mid, index) => mids.indexOf(mid) !== index);
  if (twice !== undefined) throw new SdpError(`sdp names two m= lines by the mid '${twice}'`);
}

function toSection(media: MediaDescription): Section {
  const formats = words(media.payloads);
  checkFormats(media, formats);
  return {
    kind: String(media.type),
    port: media.port,
    protocol: String(media.protocol),
    formats,
    mid: media.mid === undefined ? undefined : String(media.mid),
    direction: toDirection(media.direction),
    address: toAddress(media.connection),
    rtcpPort: toRtcpPort(media),
    isRtcpMux: media.rtcpMux !== undefined,
    isRtcpReducedSize: media.rtcpRsize !== undefined,
    isBundleOnly: media.bundleOnly !== undefined,
    ...formatAttributes(media),
    extensions: toExtensions(media.ext),
    ...transportAttributes(media),
    ...sourceAttributes(media),
    bandwidths: (media.bandwidth ?? []).map((line) => ({ type: line.type, limit: Number(line.limit) })),
    packetTimeMs: media.ptime === undefined ? undefined : Number(media.ptime),
    cryptos: (media.crypto ?? []).slice(0, maxCryptos).map(toCrypto),
    candidates: [],
  };
}

function checkFormats(media: MediaDescription, formats: readonly string[]): void {
  // The library leaves out what it cannot read; `m=audio 5004/2 ...` (RFC 8866 s. 5.14) is among that.
  if (!media.type || !media.protocol || media.port === undefined)
    throw new SdpError('sdp has an m= line that cannot be read');
  if (!Number.isInteger(media.port) || media.port > 65535)
    throw new SdpError(`sdp has the port ${media.port}, at most 65535 is possible`);
  if (formats.length > maxFormats)
    throw new SdpError(`sdp has ${formats.length} formats on one m= line, at most ${maxFormats} are allowed`);
  const isRtp = String(media.protocol).includes('RTP/');
  const wrong = isRtp ? formats.find((format) => !/^\d{1,3}$/.test(format) || Number(format) > 127) : undefined;
  if (wrong !== undefined) throw new SdpError(`sdp has the payload type '${wrong.slice(0, 20)}', expected 0 to 127`);
}

function formatAttributes(media: MediaDescription): Pick<Section, 'formatMaps' | 'formatParameters' | 'feedback'> {
  return {
    formatMaps: media.rtp
      .filter((map) => map.rate !== undefined && isPayloadType(map.payload))
      .map((map) => ({
        payloadType: map.payload,
        encoding: String(map.codec),
        clockRate: Number(map.rate),
        channels: map.encoding === undefined ? undefined : Number(map.encoding),
      })),
    formatParameters: media.fmtp
      .filter((line) => isPayloadType(line.payload))
      .map((line) => ({ payloadType: line.payload, text: String(line.config) })),
    feedback: (media.rtcpFb ?? []).flatMap((line) => {
      const payloadType = line.payload === '*' ? '*' : Number(line.payload);
      if (payloadType !== '*' && !isPayloadType(payloadType)) return [];
      return [{ payloadType, value: line.subtype === undefined ? String(line.type) : `${line.type} ${line.subtype}` }];
    }),
  };
}

function sourceAttributes(media: MediaDescription): Pick<Section, 'ssrcs' | 'ssrcGroups'> {
  const ssrcs = (media.ssrcs ?? []).filter((line) => isSsrc(line.id));
  if (ssrcs.length > maxSsrcs)
    throw new SdpError(`sdp has ${ssrcs.length} a=ssrc lines on one m= line, at most ${maxSsrcs} are allowed`);
  return {
    ssrcs: ssrcs.map((line) => ({ ssrc: line.id, attribute: String(line.attribute), value: String(line.value ?? '') })),
    ssrcGroups: (media.ssrcGroups ?? []).map((group) => ({
      semantics: group.semantics,
      ssrcs: words(group.ssrcs).map(Number).filter(isSsrc),
    })),
  };
}

function transportAttributes(
  part: SessionDescription | MediaDescription,
): Pick<Section, 'ice' | 'fingerprint' | 'setup'> {
  const { iceUfrag, icePwd, fingerprint } = part;
  return {
    // RFC 8839 s. 5.4 wants at least 4 and 22 characters; who sends less has none.
    ice:
      iceUfrag === undefined || icePwd === undefined || String(iceUfrag).length < 4 || String(icePwd).length < 22
        ? undefined
        : { usernameFragment: String(iceUfrag), password: String(icePwd) },
    fingerprint:
      fingerprint === undefined
        ? undefined
        : { algorithm: String(fingerprint.type).toLowerCase(), value: String(fingerprint.hash).toUpperCase() },
    setup: part.setup === undefined ? undefined : String(part.setup),
  };
}

function toExtensions(lines: SessionDescription['ext']): ExtensionMap[] {
  // RFC 8285 s. 4.2 and 4.3: local identifiers are 1 to 14 in the short form, to 255 in the long one.
  // Encrypted ones (RFC 6904) are passed over.
  return (lines ?? [])
    .filter((line) => line.value >= 1 && line.value <= 255 && line['encrypt-uri'] === undefined)
    .map((line) => ({ id: line.value, uri: String(line.uri) }));
}

function toRtcpPort(media: MediaDescription): number | undefined {
  const port = media.rtcp?.port;
  return port !== undefined && Number.isInteger(port) && port <= 65535 ? port : undefined;
}

const toCrypto = (line: NonNullable<MediaDescription['crypto']>[number]): Crypto => ({
  tag: Number(line.id),
  suite: String(line.suite),
  keys: String(line.config),
  ...(line.sessionConfig === undefined ? {} : { parameter: String(line.sessionConfig) }),
});

const toAddress = (connection: SessionDescription['connection']): string | undefined =>
  connection === undefined ? undefined : String(connection.ip);

function toDirection(text: string | undefined): Direction | undefined {
  switch (text) {
    case 'sendrecv':
    case 'sendonly':
    case 'recvonly':
    case 'inactive':
      return text;
    default:
      return undefined;
  }
}

const isPayloadType = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 127;
const isSsrc = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
const words = (text: string | number | undefined): string[] =>
  String(text ?? '')
    .split(' ')
    .filter((word) => word !== '');

/** Writes a description; its lines end in CRLF. */
export function printDescription(description: Description): string {
  const { origin } = description;
  return write({
    version: 0,
    origin: {
      username: '-',
      sessionId: origin.sessionId,
      sessionVersion: origin.version,
      netType: 'IN',
      ipVer: ipVersion(origin.address),
      address: origin.address,
    },
    name: '-',
    timing: { start: 0, stop: 0 },
    ...(description.address === undefined ? {} : { connection: toConnection(description.address) }),
    ...(description.isIceLite ? { icelite: 'ice-lite' } : {}),
    groups: description.bundles.map((mids) => ({ type: 'BUNDLE', mids: mids.join(' ') })),
    ...(description.bundles.length > 0 ? { msidSemantic: { semantic: 'WMS', token: '*' } } : {}),
    media: description.sections.map(toMedia),
  });
}

function toMedia(section: Section): MediaDescription {
  return {
    type: section.kind,
    port: section.port,
    protocol: section.protocol,
    payloads: section.formats.join(' '),
    ...(section.address === undefined ? {} : { connection: toConnection(section.address) }),
    bandwidth: [...section.bandwidths],
    ...(section.mid === undefined ? {} : { mid: section.mid }),
    ...(section.direction === undefined ? {} : { direction: section.direction }),
    ...(section.rtcpPort === undefined ? {} : { rtcp: { port: section.rtcpPort } }),
    ...(section.isRtcpMux ? { rtcpMux: 'rtcp-mux' } : {}),
    ...(section.isRtcpReducedSize ? { rtcpRsize: 'rtcp-rsize' } : {}),
    ...(section.packetTimeMs === undefined ? {} : { ptime: section.packetTimeMs }),
    ...printedFormats(section),
    crypto: section.cryptos.map(({ tag, suite, keys }) => ({ id: tag, suite, config: keys })),
    ...printedTransport(section),
    ...printedSources(section),
  };
}

function printedFormats(section: Section): Pick<MediaDescription, 'rtp' | 'fmtp' | 'rtcpFb' | 'ext'> {
  return {
    rtp: section.formatMaps.map((map) => ({
      payload: map.payloadType,
      codec: map.encoding,
      rate: map.clockRate,
      ...(map.channels === undefined ? {} : { encoding: map.channels }),
    })),
    fmtp: section.formatParameters.map((line) => ({ payload: line.payloadType, config: line.text })),
    rtcpFb: section.feedback.map((line) => ({ payload: line.payloadType, type: line.value })),
    ext: section.extensions.map((line) => ({ value: line.id, uri: line.uri })),
  };
}

function printedTransport(section: Section): Partial<MediaDescription> {
  const { ice, fingerprint } = section;
  return {
    ...(ice === undefined ? {} : { iceUfrag: ice.usernameFragment, icePwd: ice.password }),
    ...(fingerprint === undefined ? {} : { fingerprint: { type: fingerprint.algorithm, hash: fingerprint.value } }),
    ...(section.setup === undefined ? {} : { setup: section.setup }),
    ...(section.candidates.length === 0 ? {} : { endOfCandidates: 'end-of-candidates' }),
    candidates: section.candidates.map((candidate) => ({
      foundation: candidate.foundation,
      component: 1,
      transport: candidate.protocol,
      priority: candidate.priority,
      ip: candidate.address,
      port: candidate.port,
      type: 'host',
      ...(candidate.protocol === 'tcp' ? { tcptype: 'passive' } : {}),
    })),
  };
}

function printedSources(section: Section): Partial<MediaDescription> {
  return {
    ...(section.stream === undefined ? {} : { msid: [{ id: section.stream.id, appdata: section.stream.track }] }),
    ssrcs: section.ssrcs.map((line) => ({ id: line.ssrc, attribute: line.attribute, value: line.value })),
    ssrcGroups: section.ssrcGroups.map((group) => ({ semantics: group.semantics, ssrcs: group.ssrcs.join(' ') })),
  };
}

const ipVersion = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);
const toConnection = (address: string): { version: 4 | 6; ip: string } => ({
  version: ipVersion(address),
  ip: address,
});
