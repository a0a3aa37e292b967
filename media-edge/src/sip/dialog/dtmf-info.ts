/** One digit pressed. */
export interface Digit {
  readonly digit: string;
  readonly durationMs: number;
}

/** What people press; events of other kinds (flash hook, fax tones) are no digits. */
const digits = /^[0-9*#A-D]$/;

/** RFC 4733 s. 2.5 and common phones: nothing is heard below, and nobody presses longer. */
export const clampDuration = (durationMs: number): number => Math.min(6_000, Math.max(40, Math.round(durationMs)));

/**
 * Reads a digit from the body of an INFO.
 *
 *     application/dtmf-relay     Signal=5        application/dtmf     5
 *                                Duration=160
 *
 * @returns `undefined` when the body has no digit
 */
export function digitFromInfo(contentType: string, body: string): Digit | undefined {
  if (contentType === 'application/dtmf') return toDigit(body.trim(), undefined);
  if (contentType !== 'application/dtmf-relay') return undefined;
  const signal = /^signal[ \t]*=[ \t]*(\S{1,2})[ \t]*$/im.exec(body)?.[1];
  const duration = /^duration[ \t]*=[ \t]*(\d{1,5})[ \t]*$/im.exec(body)?.[1];
  return signal === undefined ? undefined : toDigit(signal, duration);
}

function toDigit(signal: string, duration: string | undefined): Digit | undefined {
  const digit = numbered.get(signal) ?? signal.toUpperCase();
  if (!digits.test(digit)) return undefined;
  return { digit, durationMs: clampDuration(duration === undefined ? usualMs : Number(duration)) };
}

const usualMs = 160;

/** Some phones write the event number of RFC 4733 s. 3.2 where it has two digits. */
const numbered = new Map([
  ['10', '*'],
  ['11', '#'],
  ['12', 'A'],
  ['13', 'B'],
  ['14', 'C'],
  ['15', 'D'],
]);

/** The body of an INFO for a peer that knows no telephone events. */
export const infoFromDigit = ({ digit, durationMs }: Digit): string =>
  `Signal=${digit}\r\nDuration=${clampDuration(durationMs)}\r\n`;
