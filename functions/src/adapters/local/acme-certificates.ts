import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from '../../http/message.ts';
import type { Route } from '../../http/router.ts';
import type { Log } from '../../ports/log.ts';
import { readIdentity, type TlsIdentity } from './tls-identity.ts';

export interface AcmeOptions {
  readonly email: string;
  /** A host name that leads here from the Internet, on port 80. */
  readonly domain: string;
  /** Where account and certificate are kept. */
  readonly folder: string;
  readonly log: Log;
  /** The authority; Let's Encrypt if absent. */
  readonly directoryUrl?: string;
}

const dayMs = 24 * 60 * 60_000;
/** A certificate is renewed this long before its end, and looked at this often; a failure is tried again sooner. */
const renewMs = 30 * dayMs;
const retryMs = 60 * 60_000;

/** Certificates from an authority that checks by HTTP who owns the name (RFC 8555, challenge of s. 8.3). */
export class AcmeCertificates {
  readonly #options: AcmeOptions;
  /** Token to key authorization, while the authority asks. */
  readonly #challenges = new Map<string, string>();

  constructor(options: AcmeOptions) {
    this.#options = options;
  }

  /** Where the authority looks. */
  get route(): Route {
    return {
      path: '/.well-known/acme-challenge/:token',
      methods: {
        GET: async (_, { token = '' }) => {
          const answer = this.#challenges.get(token);
          return answer === undefined ? text(404, 'no such challenge\n') : text(200, answer);
        },
      },
    };
  }

  /** The certificate that is kept, unless it has to be renewed. */
  stored(): TlsIdentity | undefined {
    const [certFile, keyFile] = [this.#file('cert'), this.#file('key')];
    if (!existsSync(certFile) || !existsSync(keyFile)) return undefined;
    const kept = readIdentity(certFile, keyFile);
    const certificate = new X509Certificate(kept.cert);
    const isGood = Date.parse(certificate.validTo) - renewMs > Date.now();
    return isGood && certificate.checkHost(this.#options.domain) !== undefined ? kept : undefined;
  }

  /** Gets a certificate whenever there is none that is good, now and later. @returns what stops it */
  start(changed: (identity: TlsIdentity) => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    let isStopped = false;
    const look = async () => {
      const waitMs = await this.#renewIfDue(changed);
      if (!isStopped) timer = setTimeout(look, waitMs);
    };
    void look();
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }

  async #renewIfDue(changed: (identity: TlsIdentity) => void): Promise<number> {
    const { domain, log } = this.#options;
    try {
      if (this.stored() !== undefined) return dayMs;
      changed(await this.#obtain());
      log.info({ domain }, 'a certificate was obtained');
      return dayMs;
    } catch (error) {
      log.error({ err: error, domain }, 'no certificate was obtained: is port 80 of this name SYLK_HTTP_PORT?');
      return retryMs;
    }
  }

  async #obtain(): Promise<TlsIdentity> {
    const { email, domain, directoryUrl } = this.#options;
    // A large library for a rare need.
    const { default: acme } = await import('acme-client');
    const accountKey = await this.#accountKey(acme.crypto.createPrivateEcdsaKey);
    const client = new acme.Client({ accountKey, directoryUrl: directoryUrl ?? acme.directory.letsencrypt.production });
    const [key, csr] = await acme.crypto.createCsr({ altNames: [domain] }, await acme.crypto.createPrivateEcdsaKey());
    const cert = await client.auto({
      csr,
      email,
      termsOfServiceAgreed: true,
      challengePriority: ['http-01'],
      // Seen from here the name may lead elsewhere than from the Internet; only the authority's view counts.
      skipChallengeVerification: true,
      challengeCreateFn: async (_, { token }, answer) => this.#challenges.set(token, answer),
      challengeRemoveFn: async (_, { token }) => this.#challenges.delete(token),
    });
    writeFileSync(this.#file('key'), key, { mode: 0o600 });
    writeFileSync(this.#file('cert'), cert);
    return { cert, key: key.toString() };
  }

  async #accountKey(create: () => Promise<Buffer>): Promise<Buffer> {
    const file = this.#file('account');
    if (!existsSync(file)) writeFileSync(file, await create(), { mode: 0o600 });
    return readFileSync(file);
  }

  #file(part: 'account' | 'key' | 'cert'): string {
    return join(this.#options.folder, `acme-${part}.pem`);
  }
}
