import { type DigestClaim, digestResponse } from '@sylk/protocol/digest-claim.ts';
import { hashOf, type NamedAlgorithm, nameOf, parseAlgorithm } from './algorithm.ts';
import { parseAuthParams, quote } from './auth-params.ts';
import type { Qop } from './challenge.ts';

/** `Authorization` or `Proxy-Authorization` (RFC 3261 s. 20.7 and 20.28). */
export interface Authorization extends NamedAlgorithm {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  /** Lower-case hex. */
  readonly response: string;
  readonly opaque?: string;
  readonly cnonce?: string;
  /** With `qop`: eight hex digits. */
  readonly nc?: string;
  readonly qop?: Qop;
}

/** The request that is to be proved. */
export interface DigestRequest {
  readonly method: string;
  /** The Request-URI, as it is written. */
  readonly uri: string;
  readonly body: string;
}

/** @returns `undefined` for another scheme, what is malformed, and for an algorithm or protection that we do not speak */
export function parseAuthorization(text: string): Authorization | undefined {
  const params = parseAuthParams(text);
  const algorithm = parseAlgorithm(params?.get('algorithm'));
  if (params === undefined || algorithm === undefined) return undefined;
  const [username, realm, nonce, uri] = ['username', 'realm', 'nonce', 'uri'].map((name) => params.get(name));
  const response = params.get('response')?.toLowerCase();
  if (username === undefined || realm === undefined || nonce === undefined || uri === undefined) return undefined;
  if (response === undefined || !/^[\da-f]{32,64}$/.test(response)) return undefined;
  const protection = readProtection(params);
  return protection && { ...algorithm, username, realm, nonce, uri, response, ...readOpaque(params), ...protection };
}

export function writeAuthorization(authorization: Authorization): string {
  const { username, realm, nonce, uri, response, opaque, cnonce, nc, qop } = authorization;
  return [
    `Digest username=${quote(username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    `algorithm=${nameOf(authorization)}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(cnonce === undefined ? [] : [`cnonce=${quote(cnonce)}`]),
    // Neither is quoted (RFC 7616 s. 3.4), which some servers insist on.
    ...(qop === undefined ? [] : [`qop=${qop}`]),
    ...(nc === undefined ? [] : [`nc=${nc}`]),
  ].join(', ');
}

/** HA2 (RFC 7616 s. 3.4.3). */
export function ha2Of(algorithm: NamedAlgorithm, { method, uri, body }: DigestRequest, qop: Qop | undefined): string {
  const hash = hashOf(algorithm.algorithm);
  return qop === 'auth-int' ? hash(`${method}:${uri}:${hash(body)}`) : hash(`${method}:${uri}`);
}

/** What it claims, for who knows HA1. @param request its `uri` is that of the authorization, which the caller has compared */
export function claimOf(authorization: Authorization, request: DigestRequest): DigestClaim {
  const { algorithm, isSession, username, realm, nonce, response, cnonce, nc, qop } = authorization;
  const ha2 = ha2Of(authorization, { ...request, uri: authorization.uri }, qop);
  const isProtected = qop !== undefined && cnonce !== undefined && nc !== undefined;
  return {
    ...{ algorithm, isSession, username, realm, nonce, response, ha2 },
    ...(isProtected ? { protection: { qop, cnonce, nc } } : {}),
    ...(cnonce === undefined ? {} : { cnonce }),
  };
}

/** Whether a claim is that of somebody who knows this HA1. */
export const isProof = (claim: DigestClaim, ha1: string): boolean =>
  isSameHex(digestResponse(hashOf(claim.algorithm), ha1, claim), claim.response);

/** In a time that tells nothing about where they differ. */
function isSameHex(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < left.length; at++) difference |= left.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
}

type Protection = Pick<Authorization, 'qop' | 'cnonce' | 'nc'>;

/** RFC 7616 s. 3.4: with qop there are cnonce and nc. */
function readProtection(params: ReadonlyMap<string, string>): Protection | undefined {
  const qop = params.get('qop')?.toLowerCase();
  const cnonce = params.get('cnonce');
  if (qop === undefined) return cnonce === undefined ? {} : { cnonce };
  const nc = params.get('nc')?.toLowerCase();
  if ((qop !== 'auth' && qop !== 'auth-int') || cnonce === undefined) return undefined;
  return nc !== undefined && /^[\da-f]{8}$/.test(nc) ? { qop, cnonce, nc } : undefined;
}

const readOpaque = (params: ReadonlyMap<string, string>): { opaque?: string } => {
  const opaque = params.get('opaque');
  return opaque === undefined ? {} : { opaque };
};
