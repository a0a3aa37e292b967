import { hash } from 'node:crypto';
import type { DigestAlgorithm, HashHex } from '@sylk/protocol/digest-claim.ts';

/** A hash, and whether HA1 is mixed with the nonces (`-sess`). */
export interface NamedAlgorithm {
  readonly algorithm: DigestAlgorithm;
  readonly isSession: boolean;
}

const known = new Map<string, NamedAlgorithm>(
  (['MD5', 'SHA-256', 'SHA-512-256'] as const).flatMap((algorithm) => [
    [algorithm, { algorithm, isSession: false }],
    [`${algorithm}-SESS`, { algorithm, isSession: true }],
  ]),
);

/**
 * Reads `algorithm` (RFC 8760 s. 2.2); without one it is MD5.
 *
 * @returns `undefined` for one that we do not speak
 */
export const parseAlgorithm = (name: string | undefined): NamedAlgorithm | undefined =>
  known.get((name ?? 'MD5').toUpperCase());

export const nameOf = ({ algorithm, isSession }: NamedAlgorithm): string => `${algorithm}${isSession ? '-sess' : ''}`;

const nodeNames = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' } as const;

export const hashOf =
  (algorithm: DigestAlgorithm): HashHex =>
  (text) =>
    hash(nodeNames[algorithm], text);
