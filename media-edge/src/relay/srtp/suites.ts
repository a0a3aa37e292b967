import type { SrtpSuite } from '../../ports/relay.ts';

/** Octets of a suite (RFC 4568 s. 6.2, RFC 6188 s. 2). */
export interface SuiteSizes {
  readonly keyBytes: number;
  readonly rtpTagBytes: number;
}

/** The salt of all suites, and the tag of reports, which is not shortened by `_32` (RFC 3711 s. 5.2, 8.2). */
export const saltBytes = 14;
export const reportTagBytes = 10;

export const suiteSizes: Readonly<Record<SrtpSuite, SuiteSizes>> = {
  AES_CM_128_HMAC_SHA1_80: { keyBytes: 16, rtpTagBytes: 10 },
  AES_CM_128_HMAC_SHA1_32: { keyBytes: 16, rtpTagBytes: 4 },
  AES_256_CM_HMAC_SHA1_80: { keyBytes: 32, rtpTagBytes: 10 },
  AES_256_CM_HMAC_SHA1_32: { keyBytes: 32, rtpTagBytes: 4 },
};
