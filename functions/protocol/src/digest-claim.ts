/**
 * The arithmetic of digest authentication (RFC 7616 s. 3.4, RFC 8760): the same for who proves and who checks.
 * Hashes are given, as this package has none.
 */

/** Hashes of which HA1 is made; `-sess` is a matter of the claim, not of the stored HA1. */
export const digestAlgorithms = ['MD5', 'SHA-256', 'SHA-512-256'] as const;

export type DigestAlgorithm = (typeof digestAlgorithms)[number];

/** A hash in lower-case hex. */
export type HashHex = (text: string) => string;

/** HA1 of one realm: what stands for the password there, and there only. */
export interface DigestKey {
  readonly username: string;
  readonly realm: string;
  readonly algorithm: DigestAlgorithm;
  /** Lower-case hex. */
  readonly ha1: string;
}

/** All that goes into a response, besides HA1. */
export interface DigestTerms {
  readonly algorithm: DigestAlgorithm;
  /** `-sess`: HA1 is mixed with this nonce and cnonce. */
  readonly isSession: boolean;
  readonly nonce: string;
  /** H(method:uri), with `auth-int` and H(body) after it. */
  readonly ha2: string;
  /** Absent as RFC 2069 had it. */
  readonly protection?: { readonly qop: 'auth' | 'auth-int'; readonly cnonce: string; readonly nc: string };
  /** The cnonce of a `-sess` algorithm without `protection`. */
  readonly cnonce?: string;
}

/** What somebody says who claims to know a password. */
export interface DigestClaim extends DigestTerms {
  readonly username: string;
  readonly realm: string;
  readonly response: string;
}

/** HA1 of a password (RFC 7616 s. 3.4.2). */
export const ha1Of = (hash: HashHex, username: string, realm: string, password: string): string =>
  hash(`${username}:${realm}:${password}`);

/** `response` (RFC 7616 s. 3.4.1). */
export const digestResponse = (hash: HashHex, ha1: string, terms: DigestTerms): string => {
  const { nonce, ha2, protection, isSession } = terms;
  const cnonce = protection?.cnonce ?? terms.cnonce ?? '';
  const key = isSession ? hash(`${ha1}:${nonce}:${cnonce}`) : ha1;
  if (protection === undefined) return hash(`${key}:${nonce}:${ha2}`);
  return hash(`${key}:${nonce}:${protection.nc}:${protection.cnonce}:${protection.qop}:${ha2}`);
};
