import type { EndCause } from '../../call/end-cause.ts';
import type { Offer } from '../../call/media.ts';
import type { Router } from '../../ports/sfu.ts';
import type { LegContext } from '../leg-context.ts';
import type { Target } from '../transport/resolver.ts';
import { type MediaPolicy, mayBeForEncryption, offeredEncryption, otherEncryption } from './media-policy.ts';
import { SipMedia } from './sip-media.ts';

/** Opens the media of a call that we dial, at the address that this target reaches us at. */
export async function openDialledMedia(
  { networks, localAddresses, streams, policy }: LegContext,
  router: Router,
  target: Target,
  peerAddress: () => string | undefined,
): Promise<SipMedia> {
  const address = await localAddresses.towards(target.address);
  return SipMedia.open({
    router,
    address,
    announced: localAddresses.announced(address, target.address),
    networks,
    streams,
    isDialled: true,
    encryption: offeredEncryption(policy, target.protocol === 'TLS'),
    codecOrder: policy.codecs,
    peerAddress,
  });
}

/** An offer as it was made for one target. */
export interface Offered {
  readonly media: SipMedia;
  readonly offer: Offer;
  readonly sdp: string;
}

/**
 * What is offered to the next target: it may reach us at another address, which another IP version always does; and
 * keys that were meant for TLS must not go out in the clear.
 *
 * @param reopen opens media for it; `undefined` when the call ended meanwhile
 * @param isEncryptionSettled true if the peer has been offered both ways of encryption already
 */
export async function offerFor<One extends Offered>(
  target: Target | undefined,
  offered: One,
  { context, isEncryptionSettled, reopen }: NextOffer,
): Promise<One | undefined> {
  if (target === undefined) return undefined;
  const { media, offer } = offered;
  const address = await context.localAddresses.towards(target.address);
  if (address !== media.transport.address) {
    media.close();
    const other = await reopen(target);
    if (other === undefined) return undefined;
    await other.addPicture(offer.lines);
    return { ...offered, media: other, sdp: other.writeOffer(offer.lines) };
  }
  const encryption = offeredEncryption(context.policy, target.protocol === 'TLS');
  if (isEncryptionSettled || encryption === media.encryption) return offered;
  media.encryption = encryption;
  return { ...offered, sdp: media.writeOffer(offer.lines) };
}

/**
 * RFC 3264 knows no choice between encryption and none in one offer: who refuses the one is offered the other.
 *
 * @param cause why the peer refused
 * @returns `undefined` where that was not it, or the operator wants it so
 */
export function otherOffer<One extends Offered>(cause: EndCause, offered: One, policy: MediaPolicy): One | undefined {
  const { media, offer } = offered;
  const isRefusal = cause.by === 'callee' && mayBeForEncryption(cause.code);
  const other = isRefusal ? otherEncryption(policy, media.encryption) : undefined;
  if (other === undefined) return undefined;
  media.encryption = other;
  return { ...offered, sdp: media.writeOffer(offer.lines) };
}

export interface NextOffer {
  readonly context: LegContext;
  readonly isEncryptionSettled: boolean;
  readonly reopen: (target: Target) => Promise<SipMedia | undefined>;
}
