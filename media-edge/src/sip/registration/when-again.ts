/** How patient registrations are; settable for tests. */
export interface RegistrationTimes {
  /** The life that is asked for, seconds. */
  readonly expiresS: number;
  /** The first wait after a failure that may pass, ms; it doubles with each further one (RFC 5626 s. 4.5). */
  readonly retryMs: number;
  readonly maxRetryMs: number;
}

export const usualTimes: RegistrationTimes = { expiresS: 600, retryMs: 30_000, maxRetryMs: 1_800_000 };

/** A registrar that wants to be left alone for longer is asked again after this, ms; one that says 0 after the least. */
const longestRetryAfterMs = 3_600_000;
const leastRetryAfterMs = 1_000;

/** When to refresh what is good for so long: early enough to try twice, and not all at the same instant. */
export const refreshAfterMs = (expiresS: number, random: number): number => expiresS * 1000 * (0.6 + 0.2 * random);

/**
 * When to try again.
 *
 * @param failures how many there were in a row, this one included
 * @param random 0 <= x < 1: after a power cut not all come back at once
 */
export function retryAfterMs(
  failures: number,
  retryAfterS: number | undefined,
  random: number,
  { retryMs, maxRetryMs }: RegistrationTimes,
): number {
  if (retryAfterS !== undefined) {
    const asked = Math.min(Math.max(retryAfterS * 1000, leastRetryAfterMs), longestRetryAfterMs);
    return asked * (1 + 0.1 * random);
  }
  return Math.min(retryMs * 2 ** (failures - 1), maxRetryMs) * (0.5 + 0.5 * random);
}

/** Failures that trying again does not change: only the person, or the provider, can (RFC 3261 s. 21.4, 21.6). */
const lasting = new Set([400, 401, 403, 404, 405, 407, 410, 414, 416, 420, 421, 484, 485, 493, 603, 604, 606, 904]);

export const mayPass = (code: number): boolean => !lasting.has(code);
