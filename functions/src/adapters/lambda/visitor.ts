import type { HttpEvent } from './events.ts';

/** A secret that CloudFront sends with each request, which shows that the request came through it. */
export interface Front {
  readonly secret: string;
  isEqual(left: string, right: string): boolean;
}

/** Sent by CloudFront: the secret, and the address of its peer, as `198.51.100.7` or `2001:db8::7`. */
const secretHeader = 'x-sylk-front';
const viewerHeader = 'x-sylk-viewer';

/**
 * The address of a client. What stands in front of the API is believed about it only if it shows that it is ours:
 * the API can also be asked directly, by anybody who writes any header.
 *
 * @param headers by lower-case name
 * @param peer who opened the connection to the API
 * @param front absent where nothing stands in front
 */
export const visitorAddress = (headers: HttpEvent['headers'], peer: string, front: Front | undefined): string => {
  const shown = headers[secretHeader];
  if (front === undefined || shown === undefined || !front.isEqual(shown, front.secret)) return peer;
  return headers[viewerHeader] || peer;
};
