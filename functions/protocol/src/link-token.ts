/**
 * The token with which an edge opens its link, as `?token=` of the upgrade request:
 *
 *     base64url({"edge":"edge-1","exp":1767225600000,"nonce":"5b1d..."}) + "." + base64url(HMAC-SHA256(secret, first part))
 *
 * The one who verifies also remembers nonces until `exp`: each opens one link only.
 */
import * as z from 'zod';
import { decodeBase64Url, encodeBase64Url } from './base64url.ts';
import { edgeField } from './edge/fields.ts';
import { parseJson } from './json.ts';
import { linkTokenMs } from './limits.ts';
import { ProtocolError } from './protocol-error.ts';

/** HMAC-SHA256 of a text under the link's secret, in base64url (RFC 2104). */
export type Hmac = (text: string) => string;

const linkClaims = z.object({
  edge: edgeField,
  /** Ms since 1970. */
  exp: z.int(),
  nonce: z.string().regex(/^[\w-]{16,64}$/),
});
export type LinkClaims = z.infer<typeof linkClaims>;

/**
 * @param nonce 16 to 64 random characters of base64url
 * @param nowMs ms since 1970; the token lives `linkTokenMs` from then
 */
export const mintLinkToken = (edge: LinkClaims['edge'], nonce: string, nowMs: number, hmac: Hmac): string => {
  const payload = encodeBase64Url(asciiJson({ edge, exp: nowMs + linkTokenMs, nonce }));
  return `${payload}.${hmac(payload)}`;
};

/**
 * @returns what a genuine token that has not expired says
 * @throws ProtocolError when it is not one
 */
export const verifyLinkToken = (token: string, nowMs: number, hmac: Hmac): LinkClaims => {
  const [payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !isSame(signature, hmac(payload), hmac)) throw new ProtocolError('link token is not genuine');
  const claims = linkClaims.safeParse(parseJson(decodeBase64Url(payload) ?? '')).data;
  if (claims === undefined) throw new ProtocolError('link token does not name edge, exp and nonce');
  if (claims.exp <= nowMs) throw new ProtocolError('link token has expired, mint a new one for each attempt');
  // Twice the life leaves room for an edge whose clock is ahead, and bounds how long nonces are remembered.
  if (claims.exp > nowMs + 2 * linkTokenMs) throw new ProtocolError('link token lives too long, check the clocks');
  return claims;
};

// What is compared are MACs of both: how long that takes tells nothing about the expected one.
const isSame = (given: string, expected: string, hmac: Hmac): boolean => hmac(given) === hmac(expected);

const asciiJson = (value: LinkClaims): string =>
  JSON.stringify(value).replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
