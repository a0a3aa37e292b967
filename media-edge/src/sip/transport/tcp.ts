import { connect, createServer, isIPv6, type Server, type Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import { type Endpoint, type Flow, hostPort, type Receiver } from './flow.ts';
import { StreamFraming } from './stream-framing.ts';
import { TcpConnection } from './tcp-connection.ts';

export interface TcpOptions {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly clock: Clock;
  readonly receive: Receiver;
  /** Told why a connection was closed on us or by us; for counters. */
  readonly onDropped: (reason: string) => void;
  /** How long a connection may take to come up. */
  readonly connectMs?: number;
}

/** Connections kept at a time, and from one address. */
const maxConnections = 1_000;
const maxPerAddress = 100;

/** Our TCP connections, those accepted and those made; each is used for both directions (RFC 5923). */
export class TcpConnections {
  readonly #options: TcpOptions;
  readonly #servers: Server[] = [];
  readonly #open = new Map<string, TcpConnection>();
  /** Connections that are coming up, so that two messages to one peer share one. */
  readonly #coming = new Map<string, Promise<TcpConnection>>();

  private constructor(options: TcpOptions) {
    this.#options = options;
  }

  /** @throws Error when a port is taken */
  static async listen(options: TcpOptions): Promise<TcpConnections> {
    const connections = new TcpConnections(options);
    try {
      for (const address of options.addresses) connections.#servers.push(await connections.#listenOne(address));
    } catch (error) {
      await connections.close();
      throw error;
    }
    return connections;
  }

  /** The open connection to this peer, or a new one. @throws Error when it does not come up */
  async flow(address: string, port: number): Promise<Flow> {
    const key = hostPort(address, port);
    const known = this.#open.get(key) ?? this.#coming.get(key);
    if (known !== undefined) return known;
    const coming = this.#connect({ protocol: 'TCP', address, port });
    this.#coming.set(key, coming);
    try {
      return await coming;
    } finally {
      this.#coming.delete(key);
    }
  }

  async close(): Promise<void> {
    const closing = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const connection of this.#open.values()) connection.close('gateway closes');
    await Promise.all(closing);
  }

  #listenOne(address: string): Promise<Server> {
    const { port } = this.#options;
    const server = createServer((socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      // Stays for later errors too, such as no file being left for a connection: they must not end the process.
      server.on('error', (cause) => {
        reject(new Error(`cannot listen on tcp ${address} port ${port}: ${cause.message}`, { cause }));
      });
      server.listen({ port, host: address, ipv6Only: isIPv6(address) }, () => resolve(server));
    });
  }

  #accept(socket: Socket): void {
    const { remoteAddress = '', remotePort = 0 } = socket;
    const alike = [...this.#open.values()].filter(({ peer }) => peer.address === remoteAddress).length;
    if (remotePort === 0 || this.#open.size >= maxConnections || alike >= maxPerAddress) {
      socket.destroy();
      this.#options.onDropped('too many connections');
      return;
    }
    this.#adopt(socket, { protocol: 'TCP', address: remoteAddress, port: remotePort }, 'accepted');
  }

  #connect(peer: Endpoint): Promise<TcpConnection> {
    const { clock, connectMs = 4_000 } = this.#options;
    const socket = connect({ host: peer.address, port: peer.port });
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        timer.cancel();
        socket.destroy();
        reject(new Error(`no connection to tcp ${hostPort(peer.address, peer.port)}: ${reason}`));
      };
      const timer = clock.after(connectMs, () => fail(`no answer in ${connectMs} ms`));
      socket.once('error', (error) => fail(error.message));
      socket.once('connect', () => {
        timer.cancel();
        socket.removeAllListeners('error');
        resolve(this.#adopt(socket, peer, 'made'));
      });
    });
  }

  #adopt(socket: Socket, peer: Endpoint, origin: 'accepted' | 'made'): TcpConnection {
    const key = hostPort(peer.address, peer.port);
    const connection = new TcpConnection(socket, peer, {
      clock: this.#options.clock,
      framing: new StreamFraming(),
      receive: this.#options.receive,
      origin,
      onClosed: (reason) => {
        if (this.#open.get(key) === connection) this.#open.delete(key);
        if (reason !== undefined) this.#options.onDropped(reason);
      },
    });
    this.#open.set(key, connection);
    return connection;
  }
}
