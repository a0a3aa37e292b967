import type { EndCause } from './end-cause.ts';

/** What is known of a call to one of our accounts when it is over. */
export interface Outcome {
  readonly cause: EndCause;
  readonly wasAnswered: boolean;
}

/**
 * Whether the called has missed the call: nobody answered and no person refused it.
 * Who was away counts too, and who was busy without being asked.
 */
export function isMissed({ cause, wasAnswered }: Outcome): boolean {
  if (wasAnswered) return false;
  const isUnasked = cause.detail === busyByItself || (cause.code === 486 && cause.by === 'gateway');
  return missedCodes.has(cause.code) || isUnasked;
}

/** `detail` of a 486 that a device gave by itself (`session-terminate` with `code` 486), not its person. */
export const busyByItself = 'the device was in another call';

/** Cancelled by the caller, rung out, nobody there. */
const missedCodes: ReadonlySet<number> = new Set([408, 480, 487]);
