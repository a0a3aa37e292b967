import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate with its key: as files for programs, as text for sockets of our own. */
export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

export interface IssueOptions {
  /** Host names and addresses; what has a colon and is no address is a URI. */
  readonly names: readonly string[];
  readonly commonName?: string;
  /** It ended yesterday. */
  readonly isExpired?: boolean;
}

/** A certificate authority of a test, by OpenSSL's own program. */
export class TlsAuthority {
  readonly certFile: string;
  readonly cert: string;
  readonly #folder: string;
  #issued = 0;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'sylk-authority-'));
    this.certFile = join(this.#folder, 'ca.pem');
    const key = this.#newKey('ca');
    this.#openssl('req', '-x509', '-new', '-key', key, '-subj', '/CN=Test authority', '-days', '30', '-out', 'ca.pem');
    this.cert = readFileSync(this.certFile, 'utf8');
  }

  issue({ names, commonName = names[0] ?? 'nobody', isExpired = false }: IssueOptions): Issued {
    const name = `cert${++this.#issued}`;
    const keyFile = this.#newKey(name);
    this.#openssl('req', '-new', '-key', keyFile, '-subj', `/CN=${commonName}`, '-out', `${name}.csr`);
    const alternatives = names.map((one) => `${kindOf(one)}:${one}`).join(',');
    writeFileSync(join(this.#folder, `${name}.ext`), names.length > 0 ? `subjectAltName=${alternatives}\n` : '\n');
    const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
    // OpenSSL's program has no way to name dates of the past here, except by a negative life.
    const days = isExpired ? '-1' : '30';
    this.#openssl('x509', '-req', '-in', `${name}.csr`, ...authority, '-days', days, '-out', `${name}.pem`);
    const certFile = join(this.#folder, `${name}.pem`);
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #newKey(name: string): string {
    this.#openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
    return join(this.#folder, `${name}.key`);
  }

  #openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }
}

const kindOf = (name: string): string => {
  if (isIP(name) !== 0) return 'IP';
  return name.includes(':') ? 'URI' : 'DNS';
};
