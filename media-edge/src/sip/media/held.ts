/**
 * Who holds whom on one SIP leg (RFC 3264 s. 8.4), and what that makes of directions. Seen from our side.
 *
 *     our offer:   sendrecv  --hold-->  sendonly           (inactive while the peer holds us as well)
 *     their offer: sendonly or inactive: the peer holds;   sendrecv or recvonly: it takes our media again
 */
import type { Direction } from '../../call/media.ts';
import { answered, receives } from '../../sdp/directions.ts';

export interface Held {
  readonly byUs: boolean;
  readonly byPeer: boolean;
}

export const nobodyHeld: Held = { byUs: false, byPeer: false };

/** What our next offer says. A peer that holds us says so again in its answer. */
export function offeredDirection({ byUs, byPeer }: Held): Direction {
  if (!byUs) return 'sendrecv';
  return byPeer ? 'inactive' : 'sendonly';
}

/** What we want when the peer offers; the offer itself limits it further. */
export const wantedDirection = ({ byUs }: Held): Direction => (byUs ? 'sendonly' : 'sendrecv');

/**
 * After the peer's answer to an offer of ours. Only where we offered to receive does its silence
 * about sending tell anything: a held phone may well answer `inactive`.
 */
export function afterAnswer(held: Held, offered: Direction, answer: Direction): Held {
  return receives(offered) ? { ...held, byPeer: !receives(answer) } : held;
}

/** After an offer of the peer that we have answered. */
export const afterOffer = (held: Held, offer: Direction): Held => ({ ...held, byPeer: !receives(offer) });

/** What flows when we said `ours` and the peer `theirs`, each as it sees it. */
export const flowing = (ours: Direction, theirs: Direction): Direction => answered(theirs, ours);
