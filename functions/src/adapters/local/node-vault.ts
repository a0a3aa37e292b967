import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Vault } from '../../ports/vault.ts';

const form = 'v1.';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM under a key made of a secret of this installation (RFC 5869, NIST SP 800-38D). Whoever has the store
 * and not that secret has nothing.
 *
 * @param secret as text of at least 128 bits of chance
 */
export const nodeVault = (secret: () => Promise<string>): Vault => {
  const keyFor = async (use: string) => Buffer.from(hkdfSync('sha256', await secret(), 'sylk gateway', use, 32));
  return {
    seal: async (text, context) => seal(await keyFor('account secrets'), text, context),
    open: async (sealed, context) => open(await keyFor('account secrets'), sealed, context),
    nameOf: async (text) =>
      createHmac('sha256', await keyFor('names of account secrets'))
        .update(text)
        .digest('base64url'),
  };
};

const seal = (key: Buffer, text: string, context: string): string => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
  return `${form}${Buffer.concat(parts).toString('base64url')}`;
};

const open = (key: Buffer, sealed: string, context: string): string => {
  if (!sealed.startsWith(form)) throw new Error('a sealed secret of unknown form');
  const bytes = Buffer.from(sealed.slice(form.length), 'base64url');
  const end = bytes.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, end)), decipher.final()]).toString('utf8');
};
