/** Why a request is refused; the code is for counting, the text for the user. */
export type Refusal =
  | 'not-available'
  | 'connection-over'
  | 'unknown-account'
  | 'account-present'
  | 'account-limit'
  | 'domain-not-allowed'
  | 'not-authenticated'
  | 'session-in-use'
  | 'session-over'
  | 'unknown-session'
  | 'quota'
  | 'no-edge'
  | 'invalid'
  | 'internal';

/** Thrown by a handler: the request is not allowed, or not now. Its text goes into the `error` reply. */
export class RequestError extends Error {
  readonly code: Refusal;

  constructor(code: Refusal, text: string) {
    super(text);
    this.name = 'RequestError';
    this.code = code;
  }
}

export const unknownSession = (session: string) => new RequestError('unknown-session', `Unknown session ${session}`);
