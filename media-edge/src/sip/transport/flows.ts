import type { LocalAddresses } from '../../network/local-address.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Flow, hostPort, type Receiver } from './flow.ts';
import type { Target } from './resolver.ts';
import { TcpConnections } from './tcp.ts';
import { UdpSockets } from './udp.ts';

export interface FlowOptions {
  /** Addresses to bind, at most one of each IP version. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly clock: Clock;
  readonly localAddresses: LocalAddresses;
  readonly receive: Receiver;
  /** Told why a TCP connection was dropped. */
  readonly onDropped: (reason: string) => void;
}

/** RFC 3261 s. 18.1.1: a larger request could be cut into fragments, which many networks lose. */
const maxDatagramBytes = 1300;
/** How long a peer counts as one without TCP after it refused a connection for a large request. */
const noTcpMs = 10 * 60_000;
const maxRemembered = 1_000;

/** Our sockets: picks the way to a target, and knows our own address on it. */
export class Flows {
  readonly port: number;
  readonly #udp: UdpSockets;
  readonly #tcp: TcpConnections;
  readonly #options: FlowOptions;
  readonly #withoutTcp = new Map<string, number>();

  private constructor(udp: UdpSockets, tcp: TcpConnections, options: FlowOptions) {
    this.port = options.port;
    this.#udp = udp;
    this.#tcp = tcp;
    this.#options = options;
  }

  /** @throws Error when the port is taken */
  static async bind(options: FlowOptions): Promise<Flows> {
    const udp = await UdpSockets.bind(options.addresses, options.port, options.receive);
    try {
      return new Flows(udp, await TcpConnections.listen(options), options);
    } catch (error) {
      await udp.close();
      throw error;
    }
  }

  /** @param bytes size of the message. @throws Error when a connection does not come up */
  async open(target: Target, bytes: number): Promise<Flow> {
    const { address, port } = target;
    if (target.protocol === 'TCP') return this.#tcp.flow(address, port);
    if (bytes <= maxDatagramBytes || target.isTransportFixed || this.#hasNoTcp(address, port)) {
      return this.#udp.flow(address, port);
    }
    try {
      return await this.#tcp.flow(address, port);
    } catch {
      // The same section: what cannot go by TCP goes by UDP all the same.
      this.#rememberNoTcp(address, port);
      return this.#udp.flow(address, port);
    }
  }

  /** Our address as the peer of this flow knows it. @throws Error when there is no route to it */
  async ownAddress({ peer }: Flow): Promise<string> {
    const local = await this.#options.localAddresses.towards(peer.address);
    return this.#options.localAddresses.announced(local, peer.address);
  }

  async close(): Promise<void> {
    await Promise.all([this.#udp.close(), this.#tcp.close()]);
  }

  #hasNoTcp(address: string, port: number): boolean {
    return (this.#withoutTcp.get(hostPort(address, port)) ?? 0) > this.#options.clock.now();
  }

  #rememberNoTcp(address: string, port: number): void {
    if (this.#withoutTcp.size >= maxRemembered) this.#withoutTcp.clear();
    this.#withoutTcp.set(hostPort(address, port), this.#options.clock.now() + noTcpMs);
  }
}
