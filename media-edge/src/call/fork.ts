import { causeOf, type EndCause } from './end-cause.ts';

/** A 6xx speaks for all devices of the called: nobody else needs to ring (RFC 3261 s. 21.6). */
export const isFinalForAll = (cause: EndCause): boolean => cause.code >= 600;

/**
 * What the caller hears when every branch of a fork failed: the most telling of their causes.
 * RFC 3261 s. 16.7 (6): a 6xx first, else the lowest class; within it a person's word before a machine's.
 */
export function causeOfFork(causes: readonly EndCause[]): EndCause {
  const [first, ...others] = causes;
  if (first === undefined) return causeOf(480, 'callee', 'no device of the called took the call');
  return others.reduce((best, cause) => (rank(cause) < rank(best) ? cause : best), first);
}

/** Lower is told first. */
function rank(cause: EndCause): number {
  if (cause.code >= 600) return 0;
  const spoken = [486, 488, 403].indexOf(cause.code);
  if (spoken >= 0) return 1 + spoken;
  return cause.code;
}
