import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Endpoint, type Flow, hostPort, type Receiver } from './flow.ts';

/** Our UDP sockets: one for each address that is bound, all on the same port. */
export class UdpSockets {
  readonly #sockets: readonly Socket[];
  readonly #families: ReadonlyMap<boolean, Socket>;

  private constructor(sockets: readonly Socket[]) {
    this.#sockets = sockets;
    this.#families = new Map(sockets.map((socket) => [isIPv6(socket.address().address), socket]));
  }

  /**
   * @param addresses at most one of each IP version
   * @throws Error when a port is taken
   */
  static async bind(addresses: readonly string[], port: number, receive: Receiver): Promise<UdpSockets> {
    const sockets: Socket[] = [];
    try {
      for (const address of addresses) sockets.push(await bindOne(address, port));
    } catch (error) {
      for (const socket of sockets) socket.close();
      throw error;
    }
    const bound = new UdpSockets(sockets);
    for (const socket of sockets) {
      socket.on('message', (bytes, from) => receive(bytes, bound.flow(from.address, from.port)));
    }
    return bound;
  }

  /** A flow to this peer; nothing is sent yet. */
  flow(address: string, port: number): Flow {
    const peer: Endpoint = { protocol: 'UDP', address, port };
    const id = `udp-${hostPort(address, port)}`;
    return { id, peer, isOpen: true, identities: [], send: (message) => this.#send(message, peer) };
  }

  /** True if a socket of this IP version is bound. */
  has(address: string): boolean {
    return this.#families.has(isIPv6(address));
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  #send(message: Buffer, { address, port }: Endpoint): Promise<void> {
    const socket = this.#families.get(isIPv6(address));
    if (socket === undefined)
      return Promise.reject(new Error(`no UDP socket for ${address}: its IP version is not bound`));
    return new Promise((resolve, reject) => {
      socket.send(message, port, address, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function bindOne(address: string, port: number): Promise<Socket> {
  const isSix = isIPv6(address);
  const socket = createSocket({ type: isSix ? 'udp6' : 'udp4', ipv6Only: isSix, recvBufferSize: receiveBufferBytes });
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(new Error(`cannot listen on udp ${address} port ${port}: ${cause.message}`, { cause }));
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error');
      // Reports of unreachable peers come up here; the transaction's own timer says what it means for a call.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Rides out a burst of a second while the event loop is busy with something else. */
const receiveBufferBytes = 1024 * 1024;
