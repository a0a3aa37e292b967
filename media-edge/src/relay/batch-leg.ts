import type { MediaKind } from '../call/media.ts';
import type { RelayEvent } from '../ports/relay.ts';
import type { Remote } from './latch.ts';
import { LegPackets } from './leg-packets.ts';
import { legStart } from './leg-start.ts';
import { loopback, type OpenLeg } from './open-leg.ts';
import type { UdpBatch } from './udp-batch.ts';

export interface BatchLegOptions {
  readonly udp: UdpBatch;
  readonly address: string;
  readonly port: number;
  readonly latch: boolean;
  readonly media?: MediaKind;
  readonly silenceMs: number;
  tell(event: RelayEvent): void;
  /** Digits wait to be played. */
  onDigits(): void;
  onClosed(): void;
}

/** A leg whose three sockets are read together with those of all other legs of the thread. */
export class BatchLeg implements OpenLeg {
  readonly packets: LegPackets;
  readonly rtp: number;
  readonly rtcp: number;
  readonly inside: number;
  readonly #options: BatchLegOptions;
  readonly #udp: UdpBatch;
  #isInsideConnected = false;
  /** Where the sockets are aimed: told to the system when it changes only. */
  #rtpAim: Remote = nowhere;
  #rtcpAim: Remote = nowhere;

  /** @throws Error with `code` if a port is taken */
  constructor(options: BatchLegOptions) {
    const { udp, address, port, tell } = options;
    this.#options = options;
    this.#udp = udp;
    [this.rtp, this.rtcp, this.inside] = opened(udp, [
      { address, port },
      { address, port: port + 1 },
      { address: loopback, port: 0 },
    ]);
    this.packets = new LegPackets(
      {
        toInside: (packet, start, bytes) => {
          if (this.#isInsideConnected) udp.send(this.inside, packet, start, bytes);
        },
        toPeer: (packet, start, bytes, to) => {
          if (!isSame(this.#rtpAim, to)) this.#rtpAim = this.#aim(this.rtp, to);
          udp.send(this.rtp, packet, start, bytes);
        },
        reportToPeer: (packet, bytes, to) => {
          if (!isSame(this.#rtcpAim, to)) this.#rtcpAim = this.#aim(this.rtcp, to);
          udp.send(this.rtcp, packet, 0, bytes);
        },
        tell,
      },
      legStart(options),
    );
  }

  get insidePort(): number {
    return this.#udp.portOf(this.inside);
  }

  connectInside(port: number): void {
    this.#udp.connect(this.inside, loopback, port);
    this.#isInsideConnected = true;
  }

  playDigits(): void {
    this.#options.onDigits();
  }

  close(): void {
    this.#options.onClosed();
    for (const socket of [this.rtp, this.rtcp, this.inside]) this.#udp.close(socket);
  }

  #aim(socket: number, to: Remote): Remote {
    this.#udp.aim(socket, to.address, to.port);
    return { address: to.address, port: to.port };
  }
}

const nowhere: Remote = { address: '', port: 0 };

const isSame = (one: Remote, other: Remote): boolean => one.port === other.port && one.address === other.address;

/** All or none. */
function opened(udp: UdpBatch, wanted: readonly [Remote, Remote, Remote]): [number, number, number] {
  const sockets: number[] = [];
  try {
    for (const { address, port } of wanted) sockets.push(udp.open(address, port));
  } catch (error) {
    for (const socket of sockets) udp.close(socket);
    throw error;
  }
  const [rtp = -1, rtcp = -1, inside = -1] = sockets;
  return [rtp, rtcp, inside];
}
