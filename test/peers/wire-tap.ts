import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type HeardPacket, readPacket } from './rtp-packet.ts';

export interface WirePacket extends HeardPacket {
  /** When it came, ms of an even clock. */
  readonly at: number;
}

/**
 * A wire in front of a phone: SIP over UDP and RTP go through it in both directions, and all that reaches the phone is
 * written down. Each side finds the wire's addresses where it would find those of the other. RTCP goes past it.
 */
export class WireTap {
  /** Whom to call. */
  readonly uri: string;
  /** SIP messages to the phone, in order, as they were sent. */
  readonly messages: string[] = [];
  /** RTP to the phone, in order. */
  readonly packets: WirePacket[] = [];
  readonly #toCaller: Side;
  readonly #toPhone: Side;

  private constructor(phone: { uri: string; port: number }, toCaller: Side, toPhone: Side) {
    this.#toCaller = toCaller;
    this.#toPhone = toPhone;
    this.uri = `${phone.uri.split('@')[0]}@${address}:${toCaller.sip.address().port}`;
    toPhone.sipPeer = { address, port: phone.port };
    toCaller.sip.on('message', (bytes, { address, port }) => {
      toCaller.sipPeer = { address, port };
      const text = bytes.toString('latin1');
      this.messages.push(text);
      pass(text, toCaller, toPhone);
    });
    toPhone.sip.on('message', (bytes) => pass(bytes.toString('latin1'), toPhone, toCaller));
    toCaller.rtp.on('message', (bytes) => {
      this.packets.push({ ...readPacket(bytes), at: performance.now() });
      sendRtp(bytes, toPhone);
    });
    toPhone.rtp.on('message', (bytes) => sendRtp(bytes, toCaller));
  }

  static async before(phone: { uri: string; port: number }): Promise<WireTap> {
    return new WireTap(phone, await openSide(), await openSide());
  }

  /** The INVITEs that the phone got, each once, however often it was sent. */
  get invites(): readonly string[] {
    const invites = this.messages.filter((message) => message.startsWith('INVITE '));
    return [...new Map(invites.map((message) => [header(message, 'Via'), message])).values()];
  }

  get callIds(): readonly string[] {
    return [...new Set(this.messages.map((message) => header(message, 'Call-ID')))];
  }

  stop(): void {
    for (const { sip, rtp } of [this.#toCaller, this.#toPhone]) {
      sip.close();
      rtp.close();
    }
  }
}

interface Place {
  readonly address: string;
  readonly port: number;
}

/** The wire's sockets towards one end, and where that end is. */
interface Side {
  readonly sip: Socket;
  readonly rtp: Socket;
  sipPeer?: Place;
  rtpPeer?: Place;
}

const address = '127.0.0.1';

async function openSide(): Promise<Side> {
  const [sip, rtp] = [createSocket('udp4'), createSocket('udp4')];
  for (const socket of [sip, rtp]) {
    socket.bind(0, address);
    await once(socket, 'listening');
  }
  return { sip, rtp };
}

/** Hands a message on, with the wire in the place of its sender. */
function pass(text: string, from: Side, to: Side): void {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const media = mediaPlace(body);
  if (media !== undefined) from.rtpPeer = media;
  const newBody = body
    .replace(/^c=IN IP4 .*$/gm, `c=IN IP4 ${address}`)
    .replace(/^m=audio [1-9]\d*/m, `m=audio ${to.rtp.address().port}`);
  const newHead = head
    .replace(/^(Contact:.*<sip:[^@>]*@)[^;>]+/im, `$1${address}:${to.sip.address().port}`)
    .replace(/^Content-Length:.*$/im, `Content-Length: ${newBody.length}`);
  if (to.sipPeer !== undefined)
    to.sip.send(Buffer.from(`${newHead}\r\n\r\n${newBody}`, 'latin1'), to.sipPeer.port, to.sipPeer.address);
}

function mediaPlace(sdp: string): Place | undefined {
  const port = Number(/^m=audio ([1-9]\d*)/m.exec(sdp)?.[1]);
  const host = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
  return host === undefined || Number.isNaN(port) ? undefined : { address: host, port };
}

function sendRtp(bytes: Buffer, { rtp, rtpPeer }: Side): void {
  if (rtpPeer !== undefined) rtp.send(bytes, rtpPeer.port, rtpPeer.address);
}

const header = (message: string, name: string): string =>
  new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(message)?.[1]?.trim() ?? '';
