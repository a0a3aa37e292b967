/** The codecs of a router, as mediasoup wants to be told, and as it tells them afterwards. */
import type { types } from 'mediasoup';
import type { Codec } from '../call/media.ts';
import type { RouterCapabilities } from '../ports/sfu.ts';

/**
 * The numbers from which mediasoup takes the repair stream of each video codec, in its order: always the first one
 * that is free at that moment. If that is the number of a codec that comes later, the router cannot be made.
 */
const repairNumbers = [...Array.from({ length: 28 }, (_, index) => 100 + index), 96, 97, 98, 99];

/**
 * Orders codecs such that mediasoup can number all of them; of two that exclude each other the more wanted one stays.
 *
 * @param codecs most wanted first
 */
export function toMediaCodecs(codecs: readonly Codec[]): types.RouterRtpCodecCapability[] {
  const audio = codecs.filter((codec) => !isVideo(codec));
  const free = new Set(repairNumbers);
  for (const codec of audio) free.delete(codec.payloadType);
  return [...audio, ...placeVideo(codecs.filter(isVideo), free)].map(toCapability);
}

/** Each step takes a codec whose repair stream does not land on a number that another one still needs. */
function placeVideo(video: readonly Codec[], free: Set<number>): Codec[] {
  const placed: Codec[] = [];
  let waiting = [...video];
  while (waiting.length > 0) {
    const next = waiting.find((codec) => {
      const repair = firstFree(free, codec);
      return repair !== undefined && !waiting.some((other) => other !== codec && other.payloadType === repair);
    });
    if (next === undefined) {
      waiting = waiting.slice(0, -1);
      continue;
    }
    const repair = firstFree(free, next);
    free.delete(next.payloadType);
    if (repair !== undefined) free.delete(repair);
    waiting = waiting.filter((codec) => codec !== next);
    placed.push(next);
  }
  return placed;
}

const firstFree = (free: ReadonlySet<number>, codec: Codec): number | undefined =>
  repairNumbers.find((number) => free.has(number) && number !== codec.payloadType);

const isVideo = (codec: Codec): boolean => codec.mimeType.startsWith('video/');

function toCapability(codec: Codec): types.RouterRtpCodecCapability {
  return {
    kind: isVideo(codec) ? 'video' : 'audio',
    mimeType: codec.mimeType,
    clockRate: codec.clockRate,
    preferredPayloadType: codec.payloadType,
    parameters: { ...codec.parameters },
    ...(codec.channels === undefined ? {} : { channels: codec.channels }),
  };
}

/** What the router has become, in the order of the codecs it was asked for. */
export function toCapabilities(
  router: types.RtpCapabilities | types.RouterRtpCapabilities,
  asked: readonly Codec[],
): RouterCapabilities {
  const made = router.codecs ?? [];
  return {
    codecs: asked.filter((codec) => made.some((own) => own.preferredPayloadType === codec.payloadType)),
    rtxPayloadTypes: new Map(
      made.flatMap((codec): [number, number][] => {
        const repair = codec.preferredPayloadType;
        return codec.mimeType.endsWith('/rtx') && repair !== undefined ? [[Number(codec.parameters?.apt), repair]] : [];
      }),
    ),
    // Those that it never writes into a packet need no room among the ids of the other side.
    headerExtensions: (router.headerExtensions ?? [])
      .filter((extension) => extension.direction !== 'recvonly')
      .map((extension) => ({ kind: extension.kind, uri: extension.uri, id: extension.preferredId })),
  };
}
