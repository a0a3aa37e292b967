/** The parameters of producers and consumers, from what the SDP of the other side says. */
import type { types } from 'mediasoup';
import type { Codec } from '../call/media.ts';
import type { HeaderExtension, RouterCapabilities, SendParameters } from '../ports/sfu.ts';

/** RTP that a browser sends. */
export function toProducerParameters(send: SendParameters): types.RtpParameters {
  return {
    mid: send.mid,
    codecs: [
      { ...toCodec(send.codec), rtcpFeedback: send.feedback.map(toFeedback) },
      ...(send.rtxPayloadType === undefined ? [] : [toRtx(send.codec, send.rtxPayloadType)]),
      ...(send.dtmf === undefined ? [] : [toCodec(send.dtmf)]),
    ],
    headerExtensions: send.headerExtensions.flatMap(toExtension),
    encodings: [
      {
        ...(send.ssrc === undefined ? {} : { ssrc: send.ssrc }),
        ...(send.ssrc !== undefined && send.rtxSsrc !== undefined && send.rtxPayloadType !== undefined
          ? { rtx: { ssrc: send.rtxSsrc } }
          : {}),
      },
    ],
    rtcp: { reducedSize: true, ...(send.cname === undefined ? {} : { cname: send.cname }) },
  };
}

/**
 * What a browser takes on a line, as the consumer for it has to be made.
 *
 * @throws Error if the router sends the codec by another number than the browser expects
 */
export function toConsumerCapabilities(receive: SendParameters, router: RouterCapabilities): types.RtpCapabilities {
  const { kind, codec, rtxPayloadType } = receive;
  const routerRtx = router.rtxPayloadTypes.get(codec.payloadType);
  const isRtxSame = rtxPayloadType !== undefined && rtxPayloadType === routerRtx;
  return {
    codecs: [
      { kind, ...toCapability(codec), rtcpFeedback: receive.feedback.map(toFeedback) },
      ...(isRtxSame
        ? [
            {
              kind,
              mimeType: `${kind}/rtx`,
              clockRate: codec.clockRate,
              preferredPayloadType: rtxPayloadType,
              parameters: { apt: codec.payloadType },
            },
          ]
        : []),
      ...(receive.dtmf === undefined ? [] : [{ kind, ...toCapability(receive.dtmf) }]),
    ],
    headerExtensions: consumerExtensions(receive, router),
  };
}

/** Those that both call by the same id: the router writes no other. */
const consumerExtensions = (receive: SendParameters, router: RouterCapabilities): types.RtpHeaderExtension[] =>
  receive.headerExtensions
    .filter(({ uri, id }) =>
      router.headerExtensions.some((own) => own.kind === receive.kind && own.uri === uri && own.id === id),
    )
    .flatMap(toExtension)
    .map(({ uri, id }) => ({ kind: receive.kind, uri, preferredId: id }));

/** RTP of the relay: one source, under numbers of our own. */
export function toPlainProducerParameters(
  codec: Codec,
  ssrc: number,
  feedback: readonly string[] = [],
): types.RtpParameters {
  return {
    codecs: [{ ...toCodec(codec), rtcpFeedback: feedback.map(toFeedback) }],
    encodings: [{ ssrc }],
    rtcp: { cname: `plain-${ssrc}`, reducedSize: false },
  };
}

/** RTP of a peer that perhaps does not say by which SSRC: the worker finds it by the payload type. */
export const toUnsignalledParameters = (
  kind: types.MediaKind,
  codec: Codec,
  { feedback = [], ssrc }: { readonly feedback?: readonly string[]; readonly ssrc?: number | undefined },
): types.RtpParameters => ({
  mid: kind,
  codecs: [
    { ...toCodec(codec), rtcpFeedback: feedback.filter((value) => plainFeedback.includes(value)).map(toFeedback) },
  ],
  encodings: [ssrc === undefined ? {} : { ssrc }],
  rtcp: { reducedSize: false },
});

/** What the relay takes; of a picture it passes on what a phone may ask. */
export const toPlainCapabilities = (kind: types.MediaKind, codecs: readonly Codec[]): types.RtpCapabilities => ({
  codecs: codecs.map((codec) => ({
    kind,
    ...toCapability(codec),
    ...(kind === 'video' ? { rtcpFeedback: plainFeedback.map(toFeedback) } : {}),
  })),
  headerExtensions: [],
});

const plainFeedback = ['nack', 'nack pli', 'ccm fir'];

const toCodec = (codec: Codec): types.RtpCodecParameters => ({
  mimeType: codec.mimeType,
  payloadType: codec.payloadType,
  clockRate: codec.clockRate,
  parameters: { ...codec.parameters },
  ...(codec.channels === undefined ? {} : { channels: codec.channels }),
});

const toCapability = (codec: Codec): Omit<types.RtpCodecCapability, 'kind'> => ({
  mimeType: codec.mimeType,
  preferredPayloadType: codec.payloadType,
  clockRate: codec.clockRate,
  parameters: { ...codec.parameters },
  ...(codec.channels === undefined ? {} : { channels: codec.channels }),
});

const toRtx = (codec: Codec, payloadType: number): types.RtpCodecParameters => ({
  mimeType: `${codec.mimeType.slice(0, codec.mimeType.indexOf('/'))}/rtx`,
  payloadType,
  clockRate: codec.clockRate,
  parameters: { apt: codec.payloadType },
});

function toFeedback(value: string): types.RtcpFeedback {
  const [type = '', parameter = ''] = value.split(' ');
  return { type, parameter };
}

const toExtension = ({ uri, id }: HeaderExtension): types.RtpHeaderExtensionParameters[] =>
  isKnownUri(uri) ? [{ uri, id }] : [];

const knownUris: ReadonlySet<string> = new Set<types.RtpHeaderExtensionUri>([
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'urn:3gpp:video-orientation',
]);

const isKnownUri = (uri: string): uri is types.RtpHeaderExtensionUri => knownUris.has(uri);
