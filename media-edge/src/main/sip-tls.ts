import { existsSync, readFileSync, unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls';
import { type Config, type TlsFiles, type TlsTrust, wrongSetting } from '../config.ts';
import type { PeerNetworks } from '../network/peer-networks.ts';
import type { Log } from '../ports/log.ts';
import type { TlsIdentity, TlsSettings } from '../sip/transport/tls.ts';

/** Between two looks at the files, in ms: a certificate that was just made or renewed is shown as soon as that. */
const lookMs = 1_000;

/**
 * TLS for SIP as the settings want it. Its certificate is the one that pages get: the operator's, else what signaling
 * keeps in the data folder, where it may appear only after the edge has started.
 *
 * @returns `undefined` when it is turned off
 * @throws SettingError when a file cannot be read, or certificate and key do not fit
 */
export function sipTls(config: Config, networks: PeerNetworks, log: Log): TlsSettings | undefined {
  if (config.sipsPort === undefined) return undefined;
  const { tlsTrust } = config;
  const own = tlsTrust.files.flatMap(readAuthorities);
  return {
    port: config.sipsPort,
    identity: config.tlsFiles === undefined ? firstIdentity(config.dataDir, log) : givenIdentity(config.tlsFiles),
    follow: (changed) => followFiles(config, log, changed),
    authorities: [...(tlsTrust.isSystem ? systemAuthorities() : []), ...own],
    ...(clientsBy(tlsTrust, own) && { clientAuthorities: own }),
    isLenient: (address) => tlsTrust.isLenientToPeers && networks.isTrusted(address),
  };
}

/** Without authorities of the operator's own, clients are judged by those that the runtime knows. */
const clientsBy = ({ isSystem }: TlsTrust, own: readonly string[]): boolean => own.length > 0 || !isSystem;

function systemAuthorities(): readonly string[] {
  const system = getCACertificates('system');
  return system.length > 0 ? system : rootCertificates;
}

function readAuthorities(file: string): string[] {
  try {
    const found = readFileSync(file, 'utf8').match(pemCertificate) ?? [];
    if (found.length > 0) return found;
  } catch (cause) {
    throw wrongSetting('SYLK_SIP_TLS_TRUST', file, 'a file that can be read', cause);
  }
  throw wrongSetting('SYLK_SIP_TLS_TRUST', file, 'a file with certificates in PEM');
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function givenIdentity(files: TlsFiles): TlsIdentity {
  try {
    return readIdentity(files);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw wrongSetting('SYLK_TLS_CERT', files.certFile, `a certificate in PEM that fits its key (${why})`, cause);
  }
}

/** What an authority gave comes before what the machine made itself. */
const kept = (folder: string): readonly TlsFiles[] =>
  ['acme', 'tls'].map((name) => ({
    certFile: join(folder, `${name}-cert.pem`),
    keyFile: join(folder, `${name}-key.pem`),
  }));

/** Signaling may be about to write them. */
function firstIdentity(folder: string, log: Log): TlsIdentity | undefined {
  try {
    return keptIdentity(folder);
  } catch (error) {
    log.warn({ err: error }, 'the certificate in the data folder cannot be used yet');
    return undefined;
  }
}

/** @throws Error when certificate and key do not fit */
function keptIdentity(folder: string): TlsIdentity | undefined {
  const files = kept(folder).find(({ certFile, keyFile }) => existsSync(certFile) && existsSync(keyFile));
  return files === undefined ? undefined : readIdentity(files);
}

/** @throws Error when they cannot be read, or do not fit */
function readIdentity({ certFile, keyFile }: TlsFiles): TlsIdentity {
  const identity = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  createSecureContext(identity);
  return identity;
}

/** Polled: renewal tools replace the files or links to them, which other ways of watching lose sight of. */
function followFiles({ tlsFiles, dataDir }: Config, log: Log, changed: (identity: TlsIdentity) => void): () => void {
  const files = (tlsFiles === undefined ? kept(dataDir) : [tlsFiles]).flatMap((one) => [one.certFile, one.keyFile]);
  const look = () => {
    try {
      const identity = tlsFiles === undefined ? keptIdentity(dataDir) : readIdentity(tlsFiles);
      if (identity === undefined) return;
      changed(identity);
      log.info({}, 'SIP over TLS shows its new certificate');
    } catch (error) {
      // Of two files one is new before the other; its turn brings us here again.
      log.warn({ err: error }, 'the certificate of SIP over TLS cannot be used, the one before is shown');
    }
  };
  for (const file of files) watchFile(file, { interval: lookMs, persistent: false }, look);
  return () => {
    for (const file of files) unwatchFile(file, look);
  };
}
