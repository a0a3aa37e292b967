import { randomBytes } from 'node:crypto';
import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Clock, Timer } from '../../ports/clock.ts';
import { ConnectionPlaces, defaultPlaceLimits, type PlaceLimits } from './connection-places.ts';
import { type Endpoint, type Flow, hostPort, type Receiver } from './flow.ts';
import type { Target } from './resolver.ts';
import { identityProblem } from './sip-identity.ts';
import { defaultStreamTimes, StreamConnection, type StreamTimes } from './stream-connection.ts';
import type { ReadyStream, StreamTransport } from './stream-transport.ts';

export interface StreamConnectionsOptions {
  readonly transport: StreamTransport;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly clock: Clock;
  readonly receive: Receiver;
  /** Told why a connection was closed on us or by us; for counters. */
  readonly onDropped: (reason: string) => void;
  readonly limits?: Partial<StreamLimits>;
}

export interface StreamLimits extends PlaceLimits, StreamTimes {
  /** How long a connection of ours may take to come up, in ms. */
  readonly connectMs: number;
}

const defaultLimits: StreamLimits = { ...defaultPlaceLimits, ...defaultStreamTimes, connectMs: 4_000 };
const tickMs = 1_000;

/** Our connections of one transport, those accepted and those made; each is used for both directions. */
export class StreamConnections {
  readonly #options: StreamConnectionsOptions;
  readonly #limits: StreamLimits;
  readonly #places: ConnectionPlaces;
  readonly #servers: Server[] = [];
  readonly #all = new Map<string, StreamConnection>();
  /** By whom they lead to. */
  readonly #byPeer = new Map<string, StreamConnection>();
  /** By the address at which a peer wants to be reached by them (RFC 5923 s. 5). */
  readonly #aliases = new Map<string, StreamConnection>();
  /** Connections that are coming up, so that two messages to one peer share one. */
  readonly #coming = new Map<string, Promise<StreamConnection>>();
  #ticking: Timer | undefined;
  #isClosed = false;

  private constructor(options: StreamConnectionsOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#places = new ConnectionPlaces(this.#limits);
  }

  /** @throws Error when a port is taken */
  static async listen(options: StreamConnectionsOptions): Promise<StreamConnections> {
    const connections = new StreamConnections(options);
    try {
      for (const address of options.addresses) connections.#servers.push(await connections.#listenOne(address));
    } catch (error) {
      await connections.close();
      throw error;
    }
    connections.#tickLater();
    return connections;
  }

  get protocol(): 'TCP' | 'TLS' {
    return this.#options.transport.protocol;
  }

  /** Connections that are up. */
  get size(): number {
    return this.#all.size;
  }

  /** The open connection to this peer, or a new one. @throws Error when it does not come up */
  async flow(target: Target): Promise<StreamConnection> {
    const key = keyOf(target);
    const known = this.#known(target, key) ?? this.#coming.get(key);
    if (known !== undefined) return known;
    const coming = this.#connect(target, key);
    this.#coming.set(key, coming);
    try {
      return await coming;
    } finally {
      this.#coming.delete(key);
    }
  }

  find(id: string): StreamConnection | undefined {
    return this.#all.get(id);
  }

  /**
   * The peer wants requests to its address at `port` to come by this connection (RFC 5923 s. 5). Believed where it
   * has proven a name, which whoever sends to it has to be looking for.
   */
  alias(flow: Flow, port: number): void {
    const connection = this.#all.get(flow.id);
    if (connection !== undefined && connection.identities.length > 0)
      this.#aliases.set(hostPort(connection.peer.address, port), connection);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#ticking?.cancel();
    const closing = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const connection of this.#all.values()) connection.close('gateway closes');
    this.#options.transport.close();
    await Promise.all(closing);
  }

  #known(target: Target, key: string): StreamConnection | undefined {
    const { domain = '' } = target;
    const isRight = (connection: StreamConnection | undefined) =>
      connection?.isOpen && identityProblem(domain, connection.identities) === undefined ? connection : undefined;
    const place = hostPort(target.address, target.port);
    return this.#byPeer.get(key) ?? isRight(this.#aliases.get(place)) ?? isRight(this.#byPeer.get(place));
  }

  #listenOne(address: string): Promise<Server> {
    const { port, transport } = this.#options;
    const server = createServer((socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      // Stays for later errors too, such as no file being left for a connection: they must not end the process.
      server.on('error', (cause) => {
        const where = `${transport.protocol.toLowerCase()} ${address} port ${port}`;
        reject(new Error(`cannot listen on ${where}: ${cause.message}`, { cause }));
      });
      server.listen({ port, host: address, ipv6Only: isIPv6(address) }, () => resolve(server));
    });
  }

  #accept(socket: Socket): void {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const { transport, onDropped } = this.#options;
    const drop = (reason: string) => {
      socket.destroy();
      onDropped(reason);
    };
    const place = remotePort === 0 ? undefined : this.#places.take(remoteAddress, () => drop('made room for another'));
    if (place === undefined) return drop('too many connections');
    // Until it is adopted; an error there would otherwise end the process.
    socket.on('error', () => undefined);
    socket.once('close', place.leave);
    const peer: Endpoint = { protocol: transport.protocol, address: remoteAddress, port: remotePort };
    const adopt = (stream: ReadyStream) => {
      stream.socket.once('close', place.leave);
      this.#adopt(stream, {
        peer,
        key: hostPort(remoteAddress, remotePort),
        origin: 'accepted',
        onProven: place.prove,
      });
    };
    transport.accept(socket, adopt, onDropped);
  }

  async #connect(target: Target, key: string): Promise<StreamConnection> {
    const { clock, transport, addresses } = this.#options;
    const { protocol, address, port } = target;
    const limit = new AbortController();
    const timer = clock.after(this.#limits.connectMs, () => limit.abort());
    try {
      const from = addresses.find((own) => isIPv6(own) === isIPv6(address) && own !== '0.0.0.0' && own !== '::');
      const stream = await transport.connect(target, from, limit.signal);
      const peer: Endpoint = { protocol, address, port };
      return this.#adopt(stream, { peer, key, origin: 'made', onProven: () => undefined });
    } catch (cause) {
      throw new Error(inWords(cause), { cause });
    } finally {
      timer.cancel();
    }
  }

  #adopt({ socket, identities }: ReadyStream, { peer, key, origin, onProven }: Adoption): StreamConnection {
    const { clock, receive, onDropped, transport } = this.#options;
    const connection = new StreamConnection(socket, {
      id: `${transport.protocol.toLowerCase()}-${randomBytes(12).toString('base64url')}`,
      peer,
      identities,
      clock,
      receive,
      times: this.#limits,
      origin,
      onProven,
      onClosed: (reason) => {
        this.#all.delete(connection.id);
        if (this.#byPeer.get(key) === connection) this.#byPeer.delete(key);
        this.#forgetAliases(connection);
        if (reason !== undefined) onDropped(reason);
      },
    });
    this.#all.set(connection.id, connection);
    this.#byPeer.set(key, connection);
    if (this.#isClosed) connection.close();
    return connection;
  }

  #forgetAliases(connection: StreamConnection): void {
    if (connection.identities.length === 0) return;
    for (const [place, known] of this.#aliases) if (known === connection) this.#aliases.delete(place);
  }

  #tickLater(): void {
    this.#ticking = this.#options.clock.after(tickMs, () => {
      for (const connection of this.#all.values()) connection.tick();
      this.#tickLater();
    });
  }
}

interface Adoption {
  readonly peer: Endpoint;
  readonly key: string;
  readonly origin: 'accepted' | 'made';
  readonly onProven: () => void;
}

/** What people are told of a connection that did not come up. */
function inWords(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return wordsByCode.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
}

const wordsByCode = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'the connection was cut'],
  ['ETIMEDOUT', 'no answer in time'],
  ['EHOSTUNREACH', 'there is no way there'],
  ['ENETUNREACH', 'there is no way there'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS there'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'it does not speak TLS there'],
]);

/** One server may serve many domains: over TLS each has a connection of its own, as each was asked for by name. */
const keyOf = ({ protocol, address, port, domain = '' }: Target): string =>
  protocol === 'TLS' ? `${hostPort(address, port)} ${domain.toLowerCase()}` : hostPort(address, port);
