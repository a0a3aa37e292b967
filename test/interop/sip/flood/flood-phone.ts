import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { FakeSipDialog } from '../../../fakes/fake-sip-dialog.ts';
import { FakeSipPeer } from '../../../fakes/fake-sip-peer.ts';
import { phoneSdp } from '../../../fakes/sip-text.ts';

export interface Gateway {
  readonly address: string;
  readonly port: number;
  readonly domain: string;
}

/** What a phone has heard of what it said. */
export interface Hearing {
  readonly sent: number;
  readonly heard: number;
  /** Sequence numbers that were left out. */
  readonly missing: number;
  /** Places where the numbers do not go on by one. */
  readonly breaks: number;
  /** Packets that did not come from where the call's media is. */
  readonly strange: number;
}

/** How long an answer may take, in a flood as well. */
const answerMs = 5_000;

/** A phone that calls the echo, and looks at each packet that comes back. */
export class FloodPhone {
  readonly #peer: FakeSipPeer;
  readonly #gateway: Gateway;
  readonly #media: Socket;
  readonly #dialog: FakeSipDialog;
  readonly #uri: string;
  #target = 0;
  #sent = 0;
  #sentBefore = 0;
  #last: number | undefined;
  readonly #counts = { heard: 0, missing: 0, breaks: 0, strange: 0 };

  private constructor(peer: FakeSipPeer, media: Socket, gateway: Gateway) {
    this.#peer = peer;
    this.#media = media;
    this.#gateway = gateway;
    this.#uri = `sip:echo@${gateway.domain}`;
    this.#dialog = peer.calls(`echo@${gateway.domain}`);
    media.on('message', (packet, from) => this.#hear(packet, from.port));
  }

  static async call(address: string, gateway: Gateway): Promise<FloodPhone> {
    const peer = await FakeSipPeer.listen({ address });
    const media = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
    media.bind(0, address);
    await once(media, 'listening');
    const phone = new FloodPhone(peer, media, gateway);
    await phone.#invite({ uri: phone.#uri });
    return phone;
  }

  /** Puts the call on hold, or takes it back: something that a call must be able to do at any time. */
  async changes(direction: 'sendonly' | 'sendrecv', version: number): Promise<void> {
    await this.#invite({ direction, version });
  }

  async hangsUp(): Promise<void> {
    this.#dialog.request('BYE', this.#gateway);
    await this.#peer.receives('200', answerMs);
  }

  /** One packet of 20 ms; the sequence number is what it is told by. */
  say(): void {
    const packet = Buffer.alloc(172, 0x55);
    packet[0] = 0x80;
    packet[1] = 0;
    packet.writeUInt16BE(this.#sent & 0xffff, 2);
    packet.writeUInt32BE((160 * this.#sent) >>> 0, 4);
    packet.writeUInt32BE(0x5170 + this.#peer.port, 8);
    this.#sent++;
    this.#media.send(packet, this.#target, this.#gateway.address);
  }

  /** Counts from now on only. */
  startOver(): void {
    this.#sentBefore = this.#sent;
    Object.assign(this.#counts, { heard: 0, missing: 0, breaks: 0, strange: 0 });
  }

  get hearing(): Hearing {
    return { sent: this.#sent - this.#sentBefore, ...this.#counts };
  }

  /** Where its media goes; for whoever wants to disturb it. */
  get target(): number {
    return this.#target;
  }

  async close(): Promise<void> {
    this.#media.close();
    await this.#peer.close();
  }

  async #invite({ uri, direction, version }: { uri?: string; direction?: string; version?: number }): Promise<void> {
    const { port } = this.#media.address();
    const sdp = phoneSdp({ address: this.#peer.address, port, codecs: '0', direction, version });
    this.#dialog.request('INVITE', this.#gateway, { sdp, ...(uri === undefined ? {} : { uri }) });
    const answer = await this.#peer.receives('200', answerMs);
    this.#dialog.learn(answer);
    this.#dialog.request('ACK', this.#gateway);
    this.#target = Number(/^m=audio (\d+)/m.exec(answer.body)?.[1]);
  }

  #hear(packet: Buffer, port: number): void {
    if (port !== this.#target) {
      this.#counts.strange++;
      return;
    }
    const number = packet.readUInt16BE(2);
    const step = this.#last === undefined ? 1 : (number - this.#last) & 0xffff;
    this.#counts.heard++;
    if (step !== 1) this.#counts.breaks++;
    if (step > 1 && step < 0x8000) this.#counts.missing += step - 1;
    this.#last = number;
  }
}
