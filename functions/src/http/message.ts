/** An HTTP request as the handlers see it, whatever runtime brought it. */
export interface HttpRequest {
  readonly method: string;
  /** Without query, percent-decoded part by part: `/api/addresses/x` is `['api', 'addresses', 'x']`. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Where it comes from. */
  readonly address: string;
  /** The same for quotas: an IPv4 address or an IPv6 /64. */
  readonly network: string;
  readonly isOriginAllowed: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers that must not be kept: all of the API's. */
const uncached = { 'cache-control': 'no-store' };

export const json = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...uncached, ...headers },
  body: `${JSON.stringify(body)}\n`,
});

export const text = (status: number, body: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...uncached },
  body,
});

export const noContent: HttpResponse = { status: 204, headers: uncached, body: '' };

/** Thrown by a handler: the request is refused. `extra` goes into the JSON body beside `error`. */
export class HttpError extends Error {
  readonly status: number;
  readonly extra: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, text: string, extra: object = {}, headers: Readonly<Record<string, string>> = {}) {
    super(text);
    this.name = 'HttpError';
    this.status = status;
    this.extra = extra;
    this.headers = headers;
  }
}

/** `Retry-After` in whole seconds (RFC 9110 s. 10.2.3). */
export const tooMany = (retryAfterMs: number, what: string): HttpError => {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const headers = { 'retry-after': String(seconds) };
  return new HttpError(429, `too many ${what}, try again in ${seconds} s`, { retryAfter: seconds }, headers);
};
