/** Our answer to a browser's offer. */
import type { Direction } from '../call/media.ts';
import type { Consumed, SendParameters } from '../ports/sfu.ts';
import type { BrowserDescription, BrowserLine } from './browser-offer.ts';
import { printDescription } from './description.ts';
import { answered } from './directions.ts';
import type { LineCodec } from './formats.ts';
import { writeFormats } from './formats.ts';
import type { LocalTransport } from './local-transport.ts';
import { roleOfOfferer, transportSection } from './local-transport.ts';
import type { Negotiated, NegotiatedLine } from './negotiated.ts';
import type { Section } from './section.ts';
import { blankSection } from './section.ts';

/** A line that we take, named by `parameters.mid`. */
export interface AcceptedLine {
  /** From `toSendParameters`. */
  readonly parameters: SendParameters;
  /** What we want, as we see it; the answer says as much of it as the offer allows. */
  readonly direction: Direction;
  /** What the browser gets on this line, if there is something already. */
  readonly consumed?: Consumed;
  /** What the far side takes in, bits per second. */
  readonly maxBitrateBps?: number;
}

export interface BrowserAnswer {
  readonly offer: BrowserDescription;
  /** Lines of the offer that are not here are refused with port 0 (RFC 3264 s. 6). */
  readonly accepted: readonly AcceptedLine[];
  readonly transport: LocalTransport;
  /** Of our own descriptions: stays over the session, and rises with each one. */
  readonly session: { readonly id: string; readonly version: number };
  readonly before?: Negotiated;
}

/**
 * Writes the answer to a browser's offer, first or in mid-call.
 *
 * @returns the SDP, with the m-lines of the offer in its order, and what is agreed on from now
 */
export function writeBrowserAnswer(answer: BrowserAnswer): { sdp: string; negotiated: Negotiated } {
  const { offer, transport, session } = answer;
  const taken = offer.lines.map((line) => ({ line, accepted: line.isUsable ? acceptedOf(answer, line) : undefined }));
  const bundle = taken.flatMap(({ line, accepted }) => (accepted === undefined ? [] : [line.mid]));
  const browserRole = roleOfOfferer(offer.dtls.setup, answer.before?.browserRole);
  const setup = browserRole === 'client' ? 'passive' : 'active';
  const sections = taken.map(
    ({ line, accepted }): Section =>
      accepted === undefined
        ? refusedSection(line)
        : {
            ...mediaSection(line, accepted, session.id),
            ...transportSection(transport, setup, line.mid === bundle[0]),
          },
  );
  return {
    sdp: printDescription({
      origin: { sessionId: session.id, version: session.version, address: '0.0.0.0' },
      isIceLite: true,
      bundles: bundle.length === 0 ? [] : [bundle],
      extensions: [],
      sections,
    }),
    negotiated: { browserRole, lines: taken.map(({ line, accepted }) => toNegotiated(line, accepted)) },
  };
}

const acceptedOf = (answer: BrowserAnswer, line: BrowserLine): AcceptedLine | undefined =>
  answer.accepted.find(({ parameters }) => parameters.mid === line.mid);

const refusedSection = (line: BrowserLine): Section => ({
  ...blankSection,
  kind: line.kind,
  port: 0,
  protocol: line.protocol,
  formats: line.formats,
  direction: 'inactive',
  ...(line.mid === '' ? {} : { mid: line.mid }),
});

function mediaSection(line: BrowserLine, accepted: AcceptedLine, streamId: string): Section {
  const { parameters, consumed, maxBitrateBps } = accepted;
  return {
    ...blankSection,
    kind: line.kind,
    port: 9,
    protocol: line.protocol,
    mid: line.mid,
    direction: answered(line.direction, accepted.direction),
    isRtcpMux: true,
    isRtcpReducedSize: line.isReducedSize,
    ...writeFormats(codecsOf(parameters)),
    extensions: parameters.headerExtensions,
    ...(consumed === undefined ? {} : sourceSection(consumed, streamId)),
    bandwidths: maxBitrateBps === undefined ? [] : [{ type: 'TIAS', limit: maxBitrateBps }],
  };
}

/** One codec, and the events that go with it: so the browser cannot change to one that the far side lacks. */
export const codecsOf = (parameters: SendParameters): LineCodec[] => [
  { codec: parameters.codec, rtxPayloadType: parameters.rtxPayloadType, feedback: parameters.feedback },
  ...(parameters.dtmf === undefined ? [] : [{ codec: parameters.dtmf, feedback: [] }]),
];

/** RFC 5576 and RFC 8830: which stream comes on this line, and that sound and picture belong together. */
export function sourceSection(consumed: Consumed, streamId: string): Pick<Section, 'ssrcs' | 'ssrcGroups' | 'stream'> {
  const ssrcs = [consumed.ssrc, ...(consumed.rtxSsrc === undefined ? [] : [consumed.rtxSsrc])];
  return {
    stream: { id: streamId, track: consumed.consumerId },
    ssrcs: ssrcs.map((ssrc) => ({ ssrc, attribute: 'cname', value: consumed.cname })),
    ssrcGroups: ssrcs.length === 1 ? [] : [{ semantics: 'FID', ssrcs }],
  };
}

const toNegotiated = (line: BrowserLine, accepted: AcceptedLine | undefined): NegotiatedLine => ({
  mid: line.mid,
  kind: line.kind,
  protocol: line.protocol,
  formats: line.formats,
  isRefused: accepted === undefined,
  codecs: accepted === undefined ? [] : codecsOf(accepted.parameters),
  extensions: accepted === undefined ? [] : accepted.parameters.headerExtensions,
});
