import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Hmac } from '@sylk/protocol/link-token.ts';
import type { Crypto } from '../../ports/crypto.ts';

const digest = (algorithm: 'md5' | 'sha256', text: string) => createHash(algorithm).update(text).digest();

/** Node's own cryptography. */
export const nodeCrypto: Crypto = {
  md5: (text) => digest('md5', text).toString('hex'),
  sha256: (text) => digest('sha256', text).toString('hex'),
  // Digests have equal lengths, whatever was compared.
  isEqual: (left, right) => timingSafeEqual(digest('sha256', left), digest('sha256', right)),
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  below: (limit) => randomInt(limit),
};

/** HMAC-SHA256 under a secret, in base64url. */
export const hmacWith =
  (secret: string): Hmac =>
  (text) =>
    createHmac('sha256', secret).update(text).digest('base64url');
