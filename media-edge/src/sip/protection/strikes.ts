import type { Core } from 'sip.js';

/** A tool that looks for open gateways gets no answer anyway; a ban with its first word could be had for others with one forged packet. */
export const scannerStrikes = 3;

/** A password is tried a few times by who forgot it, and thousands of times by who wants to know it. */
const wrongPasswordStrikes = 3;

/**
 * How much an answer counts against the source of the request. To fail at times is human: a wrong number, a phone that
 * asks for what we do not have. The measure is that nobody who means well does it every other second.
 *
 * @param text the answer
 */
export function strikesFor(request: Core.IncomingRequestMessage, code: number, text: string): number {
  // Within a call everything may fail, as in every race of two sides; calls that never were are another matter.
  if (code < 400 || code >= 500 || (request.toTag !== undefined && code !== 481)) return 0;
  if (code === 401 || code === 407) return isWrongPassword(request, text) ? wrongPasswordStrikes : 0;
  return failures.has(code) ? 1 : 0;
}

/** What looking for weak spots is answered with; that a person is busy or away is not among it. */
const failures = new Set([400, 403, 404, 405, 416, 420, 481, 484]);

/** The first question of each phone has no credentials yet, and an old nonce is nobody's fault. */
const isWrongPassword = (request: Core.IncomingRequestMessage, text: string): boolean =>
  (request.hasHeader('authorization') || request.hasHeader('proxy-authorization')) &&
  !/^[^\r]*\bstale=true/im.test(text);
