import { type NamedAlgorithm, nameOf, parseAlgorithm } from './algorithm.ts';
import { parseAuthParams, quote } from './auth-params.ts';

/** `WWW-Authenticate` or `Proxy-Authenticate` (RFC 3261 s. 20.27 and 20.44). */
export interface Challenge extends NamedAlgorithm {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  /** The nonce was too old, the password right. */
  readonly isStale: boolean;
  /** Those that we speak; empty where none was named (RFC 2069). */
  readonly qop: readonly Qop[];
}

export type Qop = 'auth' | 'auth-int';

/** @returns `undefined` for another scheme, an algorithm or protection that we do not speak, and for what is malformed */
export function parseChallenge(text: string): Challenge | undefined {
  const params = parseAuthParams(text);
  const realm = params?.get('realm');
  const nonce = params?.get('nonce');
  const algorithm = parseAlgorithm(params?.get('algorithm'));
  if (params === undefined || realm === undefined || nonce === undefined || algorithm === undefined) return undefined;
  const qop = readQop(params.get('qop'));
  if (qop === undefined) return undefined;
  const opaque = params.get('opaque');
  const isStale = params.get('stale')?.toLowerCase() === 'true';
  return { ...algorithm, realm, nonce, isStale, qop, ...(opaque === undefined ? {} : { opaque }) };
}

export function writeChallenge(challenge: Challenge): string {
  const { realm, nonce, opaque, isStale, qop } = challenge;
  return [
    `Digest realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(isStale ? ['stale=true'] : []),
    `algorithm=${nameOf(challenge)}`,
    ...(qop.length === 0 ? [] : [`qop=${quote(qop.join(','))}`]),
  ].join(', ');
}

function readQop(text: string | undefined): readonly Qop[] | undefined {
  if (text === undefined || text.trim() === '') return [];
  const named = text.split(',').map((name) => name.trim().toLowerCase());
  const spoken = (['auth', 'auth-int'] as const).filter((qop) => named.includes(qop));
  return spoken.length === 0 ? undefined : spoken;
}
