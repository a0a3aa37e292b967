/** Why a leg or call ended, in SIP's words, which sylkRTC's `reason` shows as `<code> <phrase>`. */
export interface EndCause {
  /** SIP status (RFC 3261 s. 21); 200 for a normal end after answer. */
  readonly code: number;
  readonly phrase: string;
  /** Whose doing it was; the ladder and the page say it in words. */
  readonly by: 'caller' | 'callee' | 'network' | 'gateway' | 'operator';
  /** The plain cause for the ladder, where the code alone does not tell ("ICE failed: no answer on UDP or TCP"). */
  readonly detail?: string;
  /** When another try makes sense, in s; told to SIP peers with a 503 (RFC 3261 s. 20.33). */
  readonly retryAfterS?: number;
}

const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  410: 'Gone',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  484: 'Address Incomplete',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  600: 'Busy Everywhere',
  603: 'Decline',
  604: 'Does Not Exist Anywhere',
  606: 'Not Acceptable',
};

export const normalEnd = (by: EndCause['by']): EndCause => ({ code: 200, phrase: 'OK', by });

/** `486 Busy Here`, as in `reason` of `terminated` (sylkRTC) and in a status line. */
export const reasonText = (cause: EndCause): string => `${cause.code} ${cause.phrase}`;

/** A cause with the phrase that RFC 3261 s. 21 (or the RFC named beside it) gives its code. */
export const causeOf = (code: number, by: EndCause['by'], detail?: string): EndCause => ({
  code,
  phrase: phrases[code] ?? phraseOfClass(code),
  by,
  ...(detail === undefined ? {} : { detail }),
});

/** The caller gave up before an answer (RFC 3261 s. 15, CANCEL). */
export const cancelledByCaller = causeOf(487, 'caller', 'the caller hung up before an answer');

/** Told to a ringing device that lost the race (RFC 3326 s. 3.1 gives the words). */
export const answeredElsewhere: EndCause = { code: 200, phrase: 'Answered elsewhere', by: 'callee' };

/**
 * Reads `<code> <phrase>`, as an operator gives it.
 *
 * @returns `undefined` unless it begins with a SIP status from 200 to 699
 */
export function parseReason(text: string, by: EndCause['by']): EndCause | undefined {
  const match = /^([2-6]\d\d)(?: (.+))?$/.exec(text);
  if (!match) return undefined;
  const known = causeOf(Number(match[1]), by);
  return match[2] === undefined ? known : { ...known, phrase: match[2] };
}

/** RFC 3261 s. 8.1.3.2: a status that is not known counts as the x00 of its class. */
function phraseOfClass(code: number): string {
  if (code < 300) return 'OK';
  if (code < 400) return 'Redirected';
  if (code < 500) return 'Request Failure';
  return code < 600 ? 'Server Failure' : 'Global Failure';
}
