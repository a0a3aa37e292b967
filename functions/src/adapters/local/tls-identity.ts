import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';

/** What an HTTPS server shows and signs with, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

const dayMs = 24 * 60 * 60_000;
/** Life of a self-made certificate; browsers refuse more than 825 days. A new one is made this long before its end. */
const lifeMs = 800 * dayMs;
const renewMs = 30 * dayMs;

/** @throws when a file cannot be read */
export const readIdentity = (certFile: string, keyFile: string): TlsIdentity => ({
  cert: readFileSync(certFile, 'utf8'),
  key: readFileSync(keyFile, 'utf8'),
});

/**
 * The certificate that this server made for itself; made anew when it ends soon or lacks a name.
 *
 * @param names host names and addresses that people may use for this server
 */
export const selfMadeIdentity = async (folder: string, names: readonly string[]): Promise<TlsIdentity> => {
  const [certFile, keyFile] = [join(folder, 'tls-cert.pem'), join(folder, 'tls-key.pem')];
  if (existsSync(certFile) && existsSync(keyFile)) {
    const kept = readIdentity(certFile, keyFile);
    if (isGood(kept.cert, names)) return kept;
  }
  const made = await make(names);
  writeFileSync(keyFile, made.key, { mode: 0o600 });
  writeFileSync(certFile, made.cert);
  return made;
};

const isGood = (pem: string, names: readonly string[]): boolean => {
  const certificate = new X509Certificate(pem);
  if (Date.parse(certificate.validTo) - renewMs < Date.now()) return false;
  return names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined);
};

const make = async (names: readonly string[]): Promise<TlsIdentity> => {
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] ?? 'localhost' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + lifeMs),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { cert, key };
};

/** Calls back with the operator's new certificate after its file has changed. @returns what ends the watch */
export const watchIdentity = (
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
  changed: (identity: TlsIdentity) => void,
  intervalMs = 5_000,
): (() => void) => {
  const listener = (now: { mtimeMs: number }, before: { mtimeMs: number }) => {
    if (now.mtimeMs !== before.mtimeMs && now.mtimeMs > 0) changed(readIdentity(certFile, keyFile));
  };
  // Polled: renewal tools replace the file or a link to it, which other ways of watching lose sight of.
  watchFile(certFile, { interval: intervalMs, persistent: false }, listener);
  return () => unwatchFile(certFile, listener);
};
