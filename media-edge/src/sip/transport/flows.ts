import type { LocalAddresses } from '../../network/local-address.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Flow, hostPort, type Protocol, type Receiver } from './flow.ts';
import { type KeepAlive, type KeepAliveOptions, KeepAlives } from './keep-alives.ts';
import type { Target } from './resolver.ts';
import { StreamConnections, type StreamLimits } from './stream-connections.ts';
import { isStun, stunAnswer } from './stun.ts';
import { tcpTransport } from './tcp.ts';
import { type TlsSettings, TlsTransport } from './tls.ts';
import { UdpSockets } from './udp.ts';

export interface FlowOptions {
  /** Addresses to bind, at most one of each IP version. */
  readonly addresses: readonly string[];
  /** Of UDP and TCP. */
  readonly port: number;
  /** Absent: TLS is not spoken. */
  readonly tls?: TlsSettings;
  readonly clock: Clock;
  readonly localAddresses: LocalAddresses;
  readonly receive: Receiver;
  /** False for a source that asks too much: then a keep-alive of it gets no answer. */
  readonly mayAsk: (address: string) => boolean;
  /** Told why a connection was dropped. */
  readonly onDropped: (protocol: Protocol, reason: string) => void;
  readonly limits?: Partial<StreamLimits>;
}

/** RFC 3261 s. 18.1.1: a larger request could be cut into fragments, which many networks lose. */
const maxDatagramBytes = 1300;
/** How long a peer counts as one without TCP after it refused a connection for a large request. */
const noTcpMs = 10 * 60_000;
const maxRemembered = 1_000;

/** Our sockets: picks the way to a target, and knows our own address on it. */
export class Flows {
  readonly #udp: UdpSockets;
  readonly #streams: ReadonlyMap<Protocol, StreamConnections>;
  readonly #options: FlowOptions;
  readonly #keepAlives: KeepAlives;
  readonly #withoutTcp = new Map<string, number>();

  private constructor(
    udp: UdpSockets,
    streams: readonly StreamConnections[],
    keepAlives: KeepAlives,
    options: FlowOptions,
  ) {
    this.#udp = udp;
    this.#streams = new Map(streams.map((one) => [one.protocol, one]));
    this.#keepAlives = keepAlives;
    this.#options = options;
  }

  /** @throws Error when a port is taken, or certificate and key do not fit */
  static async bind(options: FlowOptions): Promise<Flows> {
    const keepAlives = new KeepAlives(options.clock, Math.random);
    const opened: { close(): Promise<void> }[] = [];
    try {
      const udp = await UdpSockets.bind(options.addresses, options.port, datagrams(options, keepAlives));
      opened.push(udp);
      const streams: StreamConnections[] = [];
      for (const stream of streamOptions(options)) {
        streams.push(await StreamConnections.listen(stream));
        opened.push(...streams.slice(-1));
      }
      return new Flows(udp, streams, keepAlives, options);
    } catch (error) {
      await Promise.all(opened.map((one) => one.close()));
      throw error;
    }
  }

  /** Where we take UDP and TCP. */
  get port(): number {
    return this.#options.port;
  }

  /** Where we take this transport: for Via and Contact. */
  portOf(protocol: Protocol): number {
    return protocol === 'TLS' ? (this.#options.tls?.port ?? this.port) : this.port;
  }

  get hasTls(): boolean {
    return this.#options.tls !== undefined;
  }

  /** True if this IP version is bound. */
  reaches(address: string): boolean {
    return this.#udp.has(address);
  }

  /** Connections that are up, by transport. */
  connections(protocol: 'TCP' | 'TLS'): number {
    return this.#streams.get(protocol)?.size ?? 0;
  }

  /** @param bytes size of the message. @throws Error when a connection does not come up */
  async open(target: Target, bytes: number): Promise<Flow> {
    const { address, port, flow } = target;
    if (flow?.isOpen) return flow;
    if (target.protocol !== 'UDP') return this.#stream(target);
    if (bytes <= maxDatagramBytes || target.isTransportFixed || this.#hasNoTcp(address, port)) {
      return this.#udp.flow(address, port);
    }
    try {
      return await this.#stream({ ...target, protocol: 'TCP' });
    } catch {
      // The same section: what cannot go by TCP goes by UDP all the same.
      this.#rememberNoTcp(address, port);
      return this.#udp.flow(address, port);
    }
  }

  /** The flow of this id, while it is open: a UDP address, or one of our connections. */
  find(id: string): Flow | undefined {
    for (const connections of this.#streams.values()) {
      const found = connections.find(id);
      if (found !== undefined) return found;
    }
    const [, address, six, port] = /^udp-(?:(\d[\d.]*)|\[([0-9a-f:]+)\]):(\d{1,5})$/i.exec(id) ?? [];
    const host = address ?? six;
    return host === undefined ? undefined : this.#udp.flow(host, Number(port));
  }

  /** See `StreamConnections.alias`. */
  alias(flow: Flow, port: number): void {
    if (flow.peer.protocol === 'TLS') this.#streams.get('TLS')?.alias(flow, port);
  }

  /** Keeps a flow open until it is stopped or lost. */
  keepAlive(flow: Flow, options: KeepAliveOptions): KeepAlive {
    return this.#keepAlives.start(flow, options);
  }

  /** Our address as the peer of this flow knows it. @throws Error when there is no route to it */
  async ownAddress({ peer }: Flow): Promise<string> {
    const local = await this.#options.localAddresses.towards(peer.address);
    return this.#options.localAddresses.announced(local, peer.address);
  }

  async close(): Promise<void> {
    this.#keepAlives.close();
    await Promise.all([this.#udp, ...this.#streams.values()].map((one) => one.close()));
  }

  /** @throws Error when it does not come up, or the transport is not spoken */
  #stream(target: Target): Promise<Flow> {
    const connections = this.#streams.get(target.protocol);
    if (connections !== undefined) return connections.flow(target);
    return Promise.reject(new Error(`${target.protocol.toLowerCase()} is not spoken here`));
  }

  #hasNoTcp(address: string, port: number): boolean {
    return (this.#withoutTcp.get(hostPort(address, port)) ?? 0) > this.#options.clock.now();
  }

  #rememberNoTcp(address: string, port: number): void {
    if (this.#withoutTcp.size >= maxRemembered) this.#withoutTcp.clear();
    this.#withoutTcp.set(hostPort(address, port), this.#options.clock.now() + noTcpMs);
  }
}

/** On the UDP port SIP and STUN come together (RFC 5626 s. 8.1). */
const datagrams =
  ({ receive, mayAsk }: FlowOptions, keepAlives: KeepAlives): Receiver =>
  (bytes, flow) => {
    if (!isStun(bytes)) return receive(bytes, flow);
    const answer = stunAnswer(bytes, flow.peer);
    if (answer === undefined) keepAlives.answered(bytes);
    else if (mayAsk(flow.peer.address)) void flow.send(answer).catch(() => undefined);
  };

function streamOptions(options: FlowOptions) {
  const { addresses, clock, receive, limits, tls, onDropped } = options;
  const shared = { addresses, clock, receive, limits };
  const dropped = (protocol: Protocol) => (reason: string) => onDropped(protocol, reason);
  const tcp = { ...shared, transport: tcpTransport, port: options.port, onDropped: dropped('TCP') };
  if (tls === undefined) return [tcp];
  return [tcp, { ...shared, transport: new TlsTransport(tls), port: tls.port, onDropped: dropped('TLS') }];
}
