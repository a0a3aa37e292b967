/** Directions of media, each as seen by the side that says it (RFC 3264 s. 5.1, 6.1). */
import type { Direction } from '../call/media.ts';

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'recvonly';

export const toDirection = (isSending: boolean, isReceiving: boolean): Direction => {
  if (isSending) return isReceiving ? 'sendrecv' : 'sendonly';
  return isReceiving ? 'recvonly' : 'inactive';
};

/** The same flow seen from the other end. */
export const mirrored = (direction: Direction): Direction => toDirection(receives(direction), sends(direction));

/** What both allow, seen from the same end. */
export const both = (one: Direction, other: Direction): Direction =>
  toDirection(sends(one) && sends(other), receives(one) && receives(other));

/** The most that an answer may say to `offered` when its writer wants `wanted`. */
export const answered = (offered: Direction, wanted: Direction): Direction =>
  toDirection(receives(offered) && sends(wanted), sends(offered) && receives(wanted));
