/** What a browser says in its offer or answer: lines for the other leg, parameters for the media plane. */
import type { Direction, MediaKind, MediaLine, Offer } from '../call/media.ts';
import { refusedLine } from './codecs.ts';
import { parseDescription } from './description.ts';
import type { LineCodec } from './formats.ts';
import { readFormats } from './formats.ts';
import { SdpError } from './sdp-error.ts';
import type { Description, ExtensionMap, Fingerprint, IceCredentials, Section } from './section.ts';

/** A browser's description, offer or answer. */
export interface BrowserDescription {
  /** Every m-line in its order, used or not. */
  readonly lines: readonly BrowserLine[];
  /** What the other leg gets to know: one line for each kind, in order of first appearance. */
  readonly neutral: Offer;
  readonly ice: IceCredentials;
  /** `setup` as written (RFC 5763 s. 5). */
  readonly dtls: { readonly setup: Setup; readonly fingerprint: Fingerprint };
}

export type Setup = 'actpass' | 'active' | 'passive';

export interface BrowserLine {
  readonly mid: string;
  /** `audio` and `video` are what we use; a data channel is `application`. */
  readonly kind: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  /** False: port 0, no RTP over DTLS, outside the bundle, or the second of its kind. We refuse it. */
  readonly isUsable: boolean;
  /** A line of video is usable in the same description. */
  readonly isBesideVideo: boolean;
  /** As the browser sees it. */
  readonly direction: Direction;
  readonly codecs: readonly LineCodec[];
  readonly extensions: readonly ExtensionMap[];
  readonly isReducedSize: boolean;
  readonly ssrc?: number;
  readonly rtxSsrc?: number;
  readonly cname?: string;
  /** What the browser takes in, bits per second. */
  readonly maxBitrateBps?: number;
}

/**
 * Reads a browser's offer or answer.
 *
 * @throws SdpError when it is no SDP, or lacks what WebRTC cannot do without: ICE, a fingerprint, a mid, one bundle
 */
export function readBrowserDescription(sdp: string): BrowserDescription {
  const description = parseDescription(sdp);
  if (description.isIceLite)
    throw new SdpError('sdp is of an ice-lite endpoint, this gateway is one itself, expected full ICE');
  const bundle = bundleOf(description);
  const lines = toLines(description, bundle);
  const first = description.sections.find((section) => section.mid === bundle[0]);
  return { lines, neutral: neutralOf(lines), ...transportOf(description, first) };
}

/** True if the new description wants new ICE credentials from us too (RFC 8839 s. 4.4.1.1.1). */
export const isIceRestart = (before: BrowserDescription, now: BrowserDescription): boolean =>
  before.ice.usernameFragment !== now.ice.usernameFragment || before.ice.password !== now.ice.password;

/** True if the new description comes from another peer connection: only a new transport can meet it. */
export const isOtherPeer = (before: BrowserDescription, now: BrowserDescription): boolean =>
  before.dtls.fingerprint.value !== now.dtls.fingerprint.value;

/** The line of this kind that carries media. */
export const usedLine = (description: BrowserDescription, kind: MediaKind): BrowserLine | undefined =>
  description.lines.find((line) => line.kind === kind && line.isUsable);

/** The mids that share our one transport, the one with the transport's attributes first (RFC 9143 s. 7.2). */
function bundleOf(description: Description): readonly string[] {
  const used = description.sections.filter(isOpen);
  const unnamed = used.find((section) => section.mid === undefined);
  if (unnamed !== undefined) throw new SdpError(`sdp has an m=${unnamed.kind} line without a=mid`);
  const mids = used.flatMap((section) => section.mid ?? []);
  const [group] = description.bundles;
  // Without a group each line wants a transport of its own; the first gets one.
  return group === undefined ? mids.slice(0, 1) : group.filter((mid) => mids.includes(mid));
}

const isOpen = (section: Section): boolean => section.port !== 0 || section.isBundleOnly;

function toLines(description: Description, bundle: readonly string[]): BrowserLine[] {
  const lines: BrowserLine[] = [];
  for (const section of description.sections) {
    const kind = mediaKind(section.kind);
    const isFirst = !lines.some((line) => line.kind === section.kind && line.isUsable);
    const isUsable =
      kind !== undefined && isFirst && isOpen(section) && isDtlsRtp(section) && bundle.includes(section.mid ?? '');
    if (isUsable && !section.isRtcpMux) throw new SdpError(`sdp has an m=${kind} line without a=rtcp-mux`);
    lines.push(toLine(description, section, kind, isUsable));
  }
  const isBesideVideo = lines.some((line) => line.kind === 'video' && line.isUsable);
  return lines.map((line) => ({ ...line, isBesideVideo }));
}

function toLine(
  description: Description,
  section: Section,
  kind: MediaKind | undefined,
  isUsable: boolean,
): BrowserLine {
  return {
    mid: section.mid ?? '',
    kind: section.kind,
    protocol: section.protocol,
    formats: section.formats,
    isUsable,
    isBesideVideo: false,
    direction: section.direction ?? description.direction ?? 'sendrecv',
    codecs: kind === undefined ? [] : readFormats(section, kind),
    extensions: [...section.extensions, ...description.extensions],
    isReducedSize: section.isRtcpReducedSize,
    ...sourceOf(section),
    maxBitrateBps: maxBitrateOf(section),
  };
}

/** RFC 8834 s. 4.3 and 5764 s. 8: RTP over DTLS-SRTP, also by its older names. */
const isDtlsRtp = (section: Section): boolean => /^((UDP|TCP)\/(TLS|DTLS)\/)?RTP\/SAVPF$/.test(section.protocol);

/** The first stream of the line and its repair stream (RFC 5576 s. 4); more than one would be simulcast, which we do not accept. */
function sourceOf(section: Section): Pick<BrowserLine, 'ssrc' | 'rtxSsrc' | 'cname'> {
  const pair = section.ssrcGroups.find((group) => group.semantics === 'FID')?.ssrcs;
  const ssrc = pair?.[0] ?? section.ssrcs[0]?.ssrc;
  return {
    ssrc,
    rtxSsrc: pair?.[1],
    cname: section.ssrcs.find((line) => line.ssrc === ssrc && line.attribute === 'cname')?.value,
  };
}

/** RFC 3890 gives bits per second, RFC 8866 s. 5.8 kilobits. */
export function maxBitrateOf(section: Section): number | undefined {
  const exact = section.bandwidths.find((line) => line.type === 'TIAS')?.limit;
  const rough = section.bandwidths.find((line) => line.type === 'AS')?.limit;
  return exact ?? (rough === undefined ? undefined : rough * 1000);
}

/** A kind whose line has ended stays, as a refused one: lines keep their order (RFC 3264 s. 8). */
function neutralOf(lines: readonly BrowserLine[]): Offer {
  const kinds = [...new Set(lines.flatMap((line) => mediaKind(line.kind) ?? []))];
  return {
    lines: kinds.map((kind): MediaLine => {
      const line = lines.find((item) => item.kind === kind && item.isUsable);
      if (line === undefined) return refusedLine({ kind, direction: 'inactive', codecs: [] });
      return {
        kind,
        direction: line.direction,
        codecs: line.codecs.map(({ codec }) => codec),
        ...(line.maxBitrateBps === undefined ? {} : { maxBitrateBps: line.maxBitrateBps }),
      };
    }),
  };
}

export const mediaKind = (kind: string): MediaKind | undefined =>
  kind === 'audio' || kind === 'video' ? kind : undefined;

/** Each attribute stands at its m-line or once for all (Firefox puts the fingerprint there). */
function transportOf(description: Description, first: Section | undefined): Pick<BrowserDescription, 'ice' | 'dtls'> {
  const ice = first?.ice ?? description.ice;
  if (ice === undefined) throw new SdpError('sdp has no a=ice-ufrag and a=ice-pwd of 4 and 22 characters or more');
  const fingerprint = first?.fingerprint ?? description.fingerprint;
  if (fingerprint === undefined) throw new SdpError('sdp has no a=fingerprint, expected DTLS-SRTP');
  checkFingerprint(fingerprint);
  return { ice, dtls: { setup: toSetup(first?.setup ?? description.setup), fingerprint } };
}

/** Octets of the hashes that we accept; SHA-1 is no longer one (RFC 8122 s. 5). */
const hashOctets = new Map([
  ['sha-224', 28],
  ['sha-256', 32],
  ['sha-384', 48],
  ['sha-512', 64],
]);

function checkFingerprint(fingerprint: Fingerprint): void {
  const octets = hashOctets.get(fingerprint.algorithm);
  if (octets === undefined) {
    throw new SdpError(
      `sdp has a fingerprint by '${fingerprint.algorithm.slice(0, 20)}', expected one of ${[...hashOctets.keys()].join(', ')}`,
    );
  }
  const isWhole = /^[0-9A-F]{2}(:[0-9A-F]{2})*$/.test(fingerprint.value) && fingerprint.value.length === octets * 3 - 1;
  if (!isWhole) throw new SdpError(`sdp has a ${fingerprint.algorithm} fingerprint that is not ${octets} octets long`);
}

function toSetup(text: string | undefined): Setup {
  switch (text) {
    case 'actpass':
    case 'active':
    case 'passive':
      return text;
    // RFC 8842 s. 5.2: an offer says actpass; who says nothing leaves the choice to us as well.
    case undefined:
      return 'actpass';
    default:
      throw new SdpError(`sdp has a=setup:${text.slice(0, 20)}, expected actpass, active or passive`);
  }
}
