import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { MediaKind } from '../call/media.ts';
import type { RelayEvent } from '../ports/relay.ts';
import { LegPackets } from './leg-packets.ts';
import { legStart } from './leg-start.ts';
import type { LegWire } from './leg-wire.ts';
import { digitIntervalMs, loopback, type OpenLeg } from './open-leg.ts';

export interface LegSocketsOptions {
  readonly address: string;
  readonly port: number;
  readonly latch: boolean;
  readonly media?: MediaKind;
  readonly silenceMs: number;
  tell(event: RelayEvent): void;
  /** A packet was met by an exception of ours. */
  fault(error: unknown): void;
}

/** The three sockets of a leg, and its packets between them: RTP and RTCP of the peer, and both of the media plane on one. */
export class LegSockets implements OpenLeg {
  readonly packets: LegPackets;
  readonly #options: LegSocketsOptions;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly #inside: Socket;
  #isInsideConnected = false;
  #digitTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @throws the error of the system if a port is taken */
  static async open(options: LegSocketsOptions): Promise<LegSockets> {
    const leg = new LegSockets(options);
    try {
      await Promise.all([
        bound(leg.#rtp, options.address, options.port),
        bound(leg.#rtcp, options.address, options.port + 1),
        bound(leg.#inside, loopback, 0),
      ]);
    } catch (error) {
      leg.close();
      throw error;
    }
    leg.#listen();
    return leg;
  }

  constructor(options: LegSocketsOptions) {
    this.#options = options;
    this.#rtp = newSocket(options.address);
    this.#rtcp = newSocket(options.address);
    this.#inside = newSocket(loopback);
    this.packets = new LegPackets(this.#wire(), legStart(options));
  }

  get insidePort(): number {
    return this.#inside.address().port;
  }

  connectInside(port: number): void {
    if (this.#isInsideConnected) this.#inside.disconnect();
    this.#isInsideConnected = false;
    this.#inside.connect(port, loopback, () => {
      this.#isInsideConnected = true;
    });
  }

  playDigits(): void {
    this.#digitTimer ??= setInterval(() => this.#tick(), digitIntervalMs);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#digitTimer);
    for (const socket of [this.#rtp, this.#rtcp, this.#inside]) socket.close();
  }

  #tick(): void {
    if (this.packets.isPlayingDigits) return this.packets.tick(performance.now());
    clearInterval(this.#digitTimer);
    this.#digitTimer = undefined;
  }

  #listen(): void {
    this.#rtp.on('message', this.#fromPeer);
    this.#rtcp.on('message', this.#reportFromPeer);
    this.#inside.on('message', this.#fromInside);
    // An ICMP "port unreachable" for what we sent comes back as an error of the socket: the peer is not there yet, or any more.
    for (const socket of [this.#rtp, this.#rtcp, this.#inside])
      socket.on('error', () => this.packets.noteUnreachable());
  }

  // No packet may end the thread, so each of the three is guarded.
  readonly #fromPeer = (packet: Buffer, from: RemoteInfo): void => {
    try {
      this.packets.fromPeer(packet, from.address, from.port, performance.now());
    } catch (error) {
      this.#options.fault(error);
    }
  };

  readonly #reportFromPeer = (packet: Buffer, from: RemoteInfo): void => {
    try {
      this.packets.reportFromPeer(packet, from.address, from.port, false);
    } catch (error) {
      this.#options.fault(error);
    }
  };

  readonly #fromInside = (packet: Buffer): void => {
    try {
      this.packets.fromInside(packet, performance.now());
    } catch (error) {
      this.#options.fault(error);
    }
  };

  #wire(): LegWire {
    return {
      toInside: (packet, start, bytes) => {
        if (this.#isInsideConnected) this.#inside.send(packet, start, bytes);
      },
      toPeer: (packet, start, bytes, to) => this.#rtp.send(packet, start, bytes, to.port, to.address),
      reportToPeer: (packet, bytes, to) => this.#rtcp.send(packet, 0, bytes, to.port, to.address),
      tell: (event) => this.#options.tell(event),
    };
  }
}

/** Addresses are numeric here always: a look-up would only cost time. */
const newSocket = (address: string): Socket =>
  createSocket({
    type: address.includes(':') ? 'udp6' : 'udp4',
    lookup: (host, _options, callback) => callback(null, host, host.includes(':') ? 6 : 4),
  });

async function bound(socket: Socket, address: string, port: number): Promise<void> {
  // The socket may be bound before `bind` returns, since nothing is looked up.
  const listening = once(socket, 'listening');
  socket.bind({ address, port, exclusive: true });
  await listening;
}
