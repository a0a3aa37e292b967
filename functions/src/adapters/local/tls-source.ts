import type { AcmeCertificates } from './acme-certificates.ts';
import { readIdentity, selfMadeIdentity, type TlsIdentity, watchIdentity } from './tls-identity.ts';

/** Where an HTTPS server has its certificate from. */
export interface TlsSource {
  /** What to start with. */
  first(): Promise<TlsIdentity>;
  /** Calls back with each later one. @returns what ends it */
  follow(changed: (identity: TlsIdentity) => void): () => void;
}

export interface TlsChoice {
  /** The operator's own files. */
  readonly files?: { readonly certFile: string; readonly keyFile: string };
  readonly acme?: AcmeCertificates;
  readonly folder: string;
  /** Names and addresses of this server, for a certificate of its own. */
  readonly names: readonly string[];
}

/** The operator's certificate, else one of an authority, else (and until that comes) one that the server makes itself. */
export const tlsSource = ({ files, acme, folder, names }: TlsChoice): TlsSource => {
  if (files !== undefined) {
    return {
      first: async () => readIdentity(files.certFile, files.keyFile),
      follow: (changed) => watchIdentity(files, changed),
    };
  }
  return {
    first: async () => acme?.stored() ?? selfMadeIdentity(folder, names),
    follow: (changed) => acme?.start(changed) ?? (() => undefined),
  };
};
