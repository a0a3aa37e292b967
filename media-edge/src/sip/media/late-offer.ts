import type { Codec } from '../../call/media.ts';

/** What is offered on behalf of a peer that made no offer itself (RFC 3261 s. 13.2.1): what every phone has comes first. */
export const lateOfferCodecs: readonly Codec[] = [
  { mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0, parameters: {} },
  { mimeType: 'audio/PCMA', clockRate: 8000, payloadType: 8, parameters: {} },
  { mimeType: 'audio/G722', clockRate: 8000, payloadType: 9, parameters: {} },
  { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType: 96, parameters: { useinbandfec: 1 } },
  { mimeType: 'audio/telephone-event', clockRate: 8000, payloadType: 101, parameters: {} },
];
