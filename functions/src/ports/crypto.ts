/** What the pure code needs of cryptography: digests in hex, and unguessable bits. */
export interface Crypto {
  /** MD5 in lower-case hex: only for HA1, which RFC 7616 s. 3.3 still allows. */
  md5(text: string): string;
  /** SHA-256 in lower-case hex. */
  sha256(text: string): string;
  /** Whether two texts are equal, in a time that tells nothing about where they differ. */
  isEqual(left: string, right: string): boolean;
  /** Unguessable text of `bytes` random bytes, in base64url. */
  token(bytes: number): string;
  /** A random integer from 0 to `limit` - 1. */
  below(limit: number): number;
}
