import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TLSSocket,
} from 'node:tls';
import { hostPort } from './flow.ts';
import type { Target } from './resolver.ts';
import { type Certificate, identityProblem, sipIdentities } from './sip-identity.ts';
import type { ReadyStream, StreamTransport } from './stream-transport.ts';

/** What we show and sign with, in PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

export interface TlsSettings {
  readonly port: number;
  /** Our certificate; `undefined` while there is none: then nobody gets a connection to us, but we to others. */
  readonly identity: TlsIdentity | undefined;
  /** Calls back with each later certificate. @returns what ends it */
  readonly follow?: (changed: (identity: TlsIdentity) => void) => () => void;
  /** Certificates of the authorities that are believed when a server shows whom it is, in PEM. */
  readonly authorities: readonly string[];
  /**
   * The same for clients; absent: those of the runtime. Each is named to every client, and small phones choke on a
   * list of all that the world has.
   */
  readonly clientAuthorities?: readonly string[];
  /** True for addresses whose certificate is not looked at: they are trusted for where they are. */
  readonly isLenient: (address: string) => boolean;
}

/** Older versions are forbidden (RFC 8996). */
const minVersion = 'TLSv1.2';
const handshakeMs = 10_000;

/**
 * TLS over connections that the transport layer accepts and makes (RFC 3261 s. 26.2.1). Both sides show a certificate
 * where they have one; a client that shows none may still call, but has proven nothing.
 */
export class TlsTransport implements StreamTransport {
  readonly protocol = 'TLS';
  readonly #settings: TlsSettings;
  readonly #server: Server;
  readonly #stopFollowing: () => void;
  /** Handshakes under way, by the peer's address and port. */
  readonly #waiting = new Map<string, { ready: (stream: ReadyStream) => void; failed: (reason: string) => void }>();
  #identity: TlsIdentity | undefined;
  #forClients: SecureContext | undefined;

  /** @throws Error when certificate and key do not fit */
  constructor(settings: TlsSettings) {
    this.#settings = settings;
    this.#identity = settings.identity;
    this.#server = createServer({
      ...this.#serverContext(),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: handshakeMs,
    });
    this.#server.on('secureConnection', (socket) => this.#secured(socket));
    this.#server.on('tlsClientError', (error, socket) => this.#failed(error, socket));
    this.#stopFollowing = settings.follow?.((identity) => this.#show(identity)) ?? (() => undefined);
  }

  accept(socket: Socket, ready: (stream: ReadyStream) => void, failed: (reason: string) => void): void {
    const key = keyOf(socket);
    this.#waiting.set(key, { ready, failed });
    socket.once('close', () => this.#waiting.delete(key));
    this.#server.emit('connection', socket);
  }

  connect(target: Target, localAddress: string | undefined, signal: AbortSignal): Promise<ReadyStream> {
    const domain = target.domain ?? target.address;
    // The types leave out that a TLS connection may choose its source as a TCP one may.
    const from = { localAddress };
    const socket = connect({
      ...from,
      secureContext: this.#clientContext(),
      host: target.address,
      port: target.port,
      // RFC 6066 s. 3: an address is no server name.
      servername: isIP(domain) === 0 ? domain : '',
      // Judged below, by the rules of SIP and in words; those of web pages would be another name's.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    return new Promise((resolve, reject) => {
      const abort = () => socket.destroy(new Error('no answer in time'));
      signal.addEventListener('abort', abort, { once: true });
      socket.once('error', reject);
      socket.once('secureConnect', () => {
        signal.removeEventListener('abort', abort);
        const identities = identitiesOf(socket);
        const problem = this.#problem(socket, identities, { ...target, domain });
        if (problem !== undefined) return void socket.destroy(new Error(problem));
        socket.removeListener('error', reject);
        resolve({ socket, identities });
      });
    });
  }

  close(): void {
    this.#stopFollowing();
    this.#server.close();
  }

  /** Connections that are up keep the certificate that they began with. @throws Error when it does not fit its key */
  #show(identity: TlsIdentity): void {
    const before = this.#identity;
    this.#identity = identity;
    this.#forClients = undefined;
    try {
      this.#server.setSecureContext(this.#serverContext());
    } catch (error) {
      this.#identity = before;
      throw error;
    }
  }

  #serverContext(): SecureContextOptions {
    const { clientAuthorities: ca } = this.#settings;
    return { ...this.#identity, ...(ca && { ca: [...ca] }), minVersion };
  }

  /** Kept, as reading all authorities takes long. */
  #clientContext(): SecureContext {
    this.#forClients ??= createSecureContext({ ...this.#identity, ca: [...this.#settings.authorities], minVersion });
    return this.#forClients;
  }

  #secured(socket: TLSSocket): void {
    const waiting = this.#waiting.get(keyOf(socket));
    if (waiting === undefined) return void socket.destroy();
    this.#waiting.delete(keyOf(socket));
    waiting.ready({ socket, identities: identitiesOf(socket) });
  }

  #failed(error: Error, socket: TLSSocket): void {
    this.#waiting.get(keyOf(socket))?.failed(`TLS handshake: ${wordsOf(error)}`);
    socket.destroy();
  }

  #problem(socket: TLSSocket, identities: readonly string[], target: Target & { domain: string }): string | undefined {
    if (this.#settings.isLenient(target.address)) return undefined;
    const { authorizationError: error } = socket;
    if (!socket.authorized) return `its certificate is not to be believed (${error?.message ?? error ?? 'none shown'})`;
    return identityProblem(target.domain, identities);
  }
}

const keyOf = ({ remoteAddress = '', remotePort = 0 }: Socket): string => hostPort(remoteAddress, remotePort);

/** A certificate that no authority stands for proves nothing, whatever is in it. */
function identitiesOf(socket: TLSSocket): readonly string[] {
  const certificate: Certificate | undefined = socket.getPeerX509Certificate();
  return socket.authorized && certificate !== undefined ? sipIdentities(certificate) : [];
}

/** OpenSSL's words come with its own function names and numbers: what stands last is meant for people. */
const wordsOf = (error: Error): string => error.message.trim().split(':').at(-1)?.trim() || error.message;
