import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isJsonObject, type JsonObject, parseJson } from '@sylk/protocol/json.ts';

/**
 * An authority that speaks ACME (RFC 8555) as far as one certificate needs it. It checks the HTTP challenge
 * by asking the server under test, and signs what it is sent; it does not check signatures of requests.
 */
export class FakeCertificateAuthority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sylk-ca-'));
  readonly #server: Server;
  readonly #challenged: string;
  #domain = '';
  #certificate: string | undefined;
  #state: 'pending' | 'valid' | 'invalid' = 'pending';
  /** Certificates signed. */
  signed = 0;

  private constructor(challenged: string) {
    this.#challenged = challenged;
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        ({ status = 200, body, location }) => {
          response.setHeader('replay-nonce', `n${Math.random()}`);
          if (location !== undefined) response.setHeader('location', location);
          response.writeHead(status, {
            'content-type': typeof body === 'string' ? 'application/pem-certificate-chain' : 'application/json',
          });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    this.#openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=Test CA',
    );
  }

  /** @param challenged origin where the challenge is looked for, in place of the domain's port 80 */
  static async start(challenged: string): Promise<FakeCertificateAuthority> {
    const authority = new FakeCertificateAuthority(challenged);
    await new Promise<void>((resolve) => authority.#server.listen(0, '127.0.0.1', resolve));
    return authority;
  }

  get directoryUrl(): string {
    return `${this.#origin}/directory`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#folder, { recursive: true });
  }

  get #origin(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  async #answer(request: IncomingMessage): Promise<{ status?: number; body: object | string; location?: string }> {
    const at = (path: string) => `${this.#origin}${path}`;
    const payload = payloadOf(await text(request));
    switch (request.url) {
      case '/directory':
        return { body: { newNonce: at('/nonce'), newAccount: at('/account'), newOrder: at('/order') } };
      case '/nonce':
        return { body: {} };
      case '/account':
        return { status: 201, body: { status: 'valid' }, location: at('/account/1') };
      case '/order':
        this.#order(payload);
        return { status: 201, body: this.#orderBody(), location: at('/order/1') };
      case '/order/1':
        return { body: this.#orderBody(), location: at('/order/1') };
      case '/authorization':
        return {
          body: {
            status: this.#state,
            identifier: { type: 'dns', value: this.#domain },
            challenges: [this.#challenge()],
          },
        };
      case '/challenge':
        if (this.#state === 'pending') await this.#check();
        return { body: this.#challenge() };
      case '/finalize':
        this.#sign(String(payload.csr));
        return { body: this.#orderBody(), location: at('/order/1') };
      case '/certificate':
        return { body: this.#certificate ?? '' };
      default:
        return { status: 404, body: {} };
    }
  }

  #order({ identifiers }: JsonObject): void {
    const [first] = Array.isArray(identifiers) ? identifiers : [];
    this.#domain = isJsonObject(first) ? String(first.value) : '';
    this.#state = 'pending';
    this.#certificate = undefined;
  }

  #orderBody(): object {
    const ready = this.#state === 'valid' ? 'ready' : 'pending';
    return {
      status: this.#certificate === undefined ? ready : 'valid',
      identifiers: [{ type: 'dns', value: this.#domain }],
      authorizations: [`${this.#origin}/authorization`],
      finalize: `${this.#origin}/finalize`,
      certificate: `${this.#origin}/certificate`,
    };
  }

  #challenge(): object {
    return { type: 'http-01', status: this.#state, url: `${this.#origin}/challenge`, token: 'token-1' };
  }

  async #check(): Promise<void> {
    const looked = fetch(`${this.#challenged}/.well-known/acme-challenge/token-1`);
    const found = await looked.then(
      (response) => response.text(),
      () => 'nobody is there',
    );
    this.#state = found.startsWith('token-1.') ? 'valid' : 'invalid';
  }

  #sign(csr: string): void {
    writeFileSync(join(this.#folder, 'csr.der'), Buffer.from(csr, 'base64url'));
    writeFileSync(join(this.#folder, 'names'), `subjectAltName=DNS:${this.#domain}`);
    const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '90', '-extfile', 'names'];
    this.#openssl('x509', '-req', '-inform', 'DER', '-in', 'csr.der', '-out', 'cert.pem', ...ca);
    const read = (name: string) => readFileSync(join(this.#folder, name), 'utf8');
    this.#certificate = read('cert.pem') + read('ca.pem');
    this.signed += 1;
  }

  #openssl(...words: string[]): void {
    execFileSync('openssl', words, { cwd: this.#folder, stdio: 'pipe' });
  }
}

/** What a request carries (RFC 7515: a signature around base64url). */
const payloadOf = (body: string): JsonObject => {
  const request = body === '' ? {} : parseJson(body);
  const payload = isJsonObject(request) ? String(request.payload ?? '') : '';
  const value = payload === '' ? {} : parseJson(Buffer.from(payload, 'base64url').toString());
  return isJsonObject(value) ? value : {};
};
