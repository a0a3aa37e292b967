import type { Core } from 'sip.js';
import type { PeerNetworks } from '../../network/peer-networks.ts';
import { isForSip, isTelephoneEvent } from '../../sdp/codecs.ts';
import { type PlainDescription, readPlainDescription, usedPlainLine } from '../../sdp/plain-read.ts';
import { NoCommonCodec } from '../../sdp/sdp-error.ts';
import { requireInterval } from '../dialog/session-interval.ts';
import { sdpOf } from '../headers/sip-body.ts';
import type { SipTimers } from '../sip-timers.ts';
import { inOrder } from './codec-order.ts';
import { MediaRefused, mediaAddress } from './media-address.ts';
import type { MediaPolicy } from './media-policy.ts';
import type { OwnStreams } from './own-streams.ts';

export interface CallersOfferOptions {
  /** Where the INVITE came from. */
  readonly peer: string | undefined;
  readonly networks: PeerNetworks;
  readonly streams: OwnStreams;
  readonly policy: MediaPolicy;
  readonly timers: SipTimers;
}

/**
 * Reads the offer of an INVITE, and refuses at once what nobody could answer.
 *
 * @returns `undefined` for an INVITE without an offer
 * @throws SdpError (400), NoCommonCodec, MediaRefused (488), IntervalTooSmall (422)
 */
export function readCallersOffer(
  message: Core.IncomingRequestMessage,
  { peer, networks, streams, policy, timers }: CallersOfferOptions,
): PlainDescription | undefined {
  requireInterval(message, { wantedS: timers.sessionS, leastS: timers.leastSessionS });
  const sdp = sdpOf(message);
  if (sdp === undefined) return undefined;
  const description = readPlainDescription(sdp);
  const audio = usedPlainLine(description, 'audio');
  if (audio === undefined) throw new MediaRefused(whyUnusable(description));
  if (policy.encryption === 'required' && audio.keys.length === 0 && audio.dtls === undefined)
    throw new MediaRefused('media without encryption is not taken here, expected RTP/SAVP with a key by SDES');
  const sounds = inOrder(audio.media.codecs, policy.codecs).filter(isForSip);
  if (sounds.every(isTelephoneEvent)) {
    throw new NoCommonCodec(
      audio.media.codecs.map(({ mimeType }) => mimeType),
      policy.codecs ?? ['opus', 'G722', 'PCMU', 'PCMA'],
    );
  }
  if (audio.dtls !== undefined || isNowhere(audio.remote.address)) return description;
  const address = mediaAddress(audio.remote.address, peer, networks);
  const refusal = streams.refusal({ ...audio.remote, address });
  if (refusal !== undefined) throw new MediaRefused(refusal);
  return description;
}

function whyUnusable({ lines }: PlainDescription): string {
  const reasons = lines.flatMap(({ refusal }) => refusal ?? []);
  return reasons.length > 0 ? reasons.join('; ') : 'the offer has no audio';
}

/** RFC 3264 s. 8.4: on hold the old way; there is nothing to check yet. */
export const isNowhere = (address: string): boolean => address === '0.0.0.0' || address === '::';
