import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type HeardPacket, pcmuHz, readPacket } from './rtp-packet.ts';

export interface Tone {
  readonly hz: number;
  readonly payloadType?: number;
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
}

/** A phone that knows RTP only: sends a tone in PCMU and remembers what it hears. */
export class RtpPeer {
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  readonly address: string;
  readonly heard: HeardPacket[] = [];
  /** RTCP as it came. */
  readonly reports: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor(rtp: Socket, rtcp: Socket, address: string) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.address = address;
    rtp.on('message', (packet) => this.heard.push(readPacket(packet)));
    rtcp.on('message', (packet) => this.reports.push(packet));
  }

  static async open(address = '127.0.0.1'): Promise<RtpPeer> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, address);
      await once(socket, 'listening');
    }
    return new RtpPeer(sockets[0], sockets[1], address);
  }

  get remote(): { address: string; port: number; rtcpPort: number } {
    return { address: this.address, port: this.#rtp.address().port, rtcpPort: this.#rtcp.address().port };
  }

  /** Sends 20 ms packets from now on, each with the next numbers. */
  play(tone: Tone, to: { address: string; port: number }): void {
    this.stop();
    const startedMs = performance.now();
    let index = 0;
    const dueBy = (): number => Math.floor((performance.now() - startedMs) / 20);
    this.#timer = setInterval(() => {
      for (; index <= dueBy(); index += 1) this.send(tonePacket(tone, index), to);
    }, 10);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  send(packet: Uint8Array, to: { address: string; port: number }): void {
    this.#rtp.send(packet, to.port, to.address);
  }

  sendReport(packet: Uint8Array, to: { address: string; port: number }): void {
    this.#rtcp.send(packet, to.port, to.address);
  }

  /** Waits until this holds, five seconds at most. */
  async until(what: string, holds: () => boolean): Promise<void> {
    for (let tries = 0; tries < 250 && !holds(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!holds()) throw new Error(`not seen within 5 s: ${what}`);
  }

  /** The strongest frequency in the PCMU that was heard, Hz. */
  heardHz(): number {
    return pcmuHz(this.heard);
  }

  close(): void {
    this.stop();
    this.#rtp.close();
    this.#rtcp.close();
  }
}

function tonePacket(tone: Tone, index: number): Buffer {
  const packet = Buffer.alloc(172);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(tone.payloadType ?? 0, 1);
  packet.writeUInt16BE((tone.sequence + index) & 0xffff, 2);
  packet.writeUInt32BE((tone.timestamp + 160 * index) >>> 0, 4);
  packet.writeUInt32BE(tone.ssrc, 8);
  for (let sample = 0; sample < 160; sample += 1) {
    packet[12 + sample] = toMuLaw(12_000 * Math.sin((2 * Math.PI * tone.hz * (160 * index + sample)) / 8000));
  }
  return packet;
}

/** ITU-T G.711: sign, exponent of the magnitude, four bits below it, all inverted. */
function toMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32_635) + 132;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
