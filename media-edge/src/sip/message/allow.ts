/** What we take as a request; the value of our Allow header. */
export const allowedMethods = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'INFO',
  'UPDATE',
  'PRACK',
  'REFER',
  'REGISTER',
  'MESSAGE',
] as const;

export const allowHeader = `Allow: ${allowedMethods.join(', ')}`;

/** Extensions that we know: reliable 1xx, session timers, calls in place of others, transfers without reports. */
export const supportedOptions = ['100rel', 'timer', 'replaces', 'norefersub'] as const;

/** Bodies that we read. */
export const acceptHeader =
  'Accept: application/sdp, application/dtmf-relay, application/dtmf, application/media_control+xml';

/** Registered methods (RFC 3261 and its extensions): the others get 501 instead of 405 (s. 21.4.6, 21.5.2). */
export const isKnownMethod = (method: string): boolean => known.has(method);

export const isAllowedMethod = (method: string): boolean => allowed.has(method);

const allowed = new Set<string>(allowedMethods);
const known = new Set<string>([...allowedMethods, 'REGISTER', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'PUBLISH']);
