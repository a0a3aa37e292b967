import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { FakeSipDialog } from './fake-sip-dialog.ts';
import { type PeerTls, SipStreams } from './sip-streams.ts';
import { randomToken, SipText } from './sip-text.ts';

export interface FakeSipPeerOptions {
  /** A free one by default. */
  readonly port?: number;
  readonly address?: string;
  readonly protocol?: 'udp' | 'tcp' | 'tls';
  /** What it shows over TLS. */
  readonly tls?: PeerTls;
  readonly user?: string;
  /** Its Contact is a `sips` URI. */
  readonly isSips?: boolean;
}

interface Way {
  send(text: string): void;
}

/**
 * A SIP peer that does exactly what a test says: nothing is answered, acknowledged or repeated by itself.
 * What comes in waits in the inbox until a test asks for it.
 */
export class FakeSipPeer {
  readonly address: string;
  readonly user: string;
  /** All that ever came, in order. */
  readonly received: SipText[] = [];
  /** True: what comes twice waits once in the inbox, as a transaction layer has it. ACK has no transaction. */
  absorbsCopies = true;
  /** Says which incoming messages are lost. */
  loses: (message: SipText) => boolean = () => false;
  readonly #protocol: 'udp' | 'tcp' | 'tls';
  readonly #isSips: boolean;
  readonly #inbox: { message: SipText; way: Way }[] = [];
  readonly #ways = new WeakMap<SipText, Way>();
  #waiting: (() => void)[] = [];
  #udp: UdpSocket | undefined;
  #streams: SipStreams | undefined;
  #port = 0;

  private constructor(options: FakeSipPeerOptions) {
    this.address = options.address ?? '127.0.0.1';
    this.user = options.user ?? 'bob';
    this.#protocol = options.protocol ?? 'udp';
    this.#isSips = options.isSips ?? false;
  }

  static async listen(options: FakeSipPeerOptions): Promise<FakeSipPeer> {
    const peer = new FakeSipPeer(options);
    const port = options.port ?? 0;
    peer.#port = await (peer.#protocol === 'udp' ? peer.#listenUdp(port) : peer.#listenStreams(port, options.tls));
    return peer;
  }

  get port(): number {
    return this.#port;
  }

  get uri(): string {
    return `${this.user}@${this.#place}${this.#protocol === 'udp' ? '' : `;transport=${this.#protocol}`}`;
  }

  /** Its connections. @throws Error for one that has UDP */
  get streams(): SipStreams {
    if (this.#streams === undefined) throw new Error('this peer speaks UDP');
    return this.#streams;
  }

  get contact(): string {
    return this.#isSips ? `<sips:${this.user}@${this.#place}>` : `<sip:${this.uri}>`;
  }

  /** The next message of this method or status that nobody has asked for yet. */
  async receives(what: string, timeoutMs = 3_000): Promise<SipText> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const index = this.#inbox.findIndex(({ message }) => message.what === what);
      const [found] = index < 0 ? [] : this.#inbox.splice(index, 1);
      if (found !== undefined) return found.message;
      const leftMs = until - Date.now();
      if (leftMs <= 0)
        throw new Error(
          `no ${what} in ${timeoutMs} ms; came last: ${
            this.received
              .slice(-8)
              .map((one) => one.startLine)
              .join(' | ') || 'nothing'
          }`,
        );
      await this.#something(leftMs);
    }
  }

  /** Waits until so many pings have come by its connections. */
  async pinged(count: number, timeoutMs = 5_000): Promise<void> {
    for (const until = Date.now() + timeoutMs; this.streams.pings < count; ) {
      if (Date.now() > until) throw new Error(`${this.streams.pings} pings in ${timeoutMs} ms, expected ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** How many messages of this method or status came so far, copies included. */
  count(what: string): number {
    return this.received.filter((message) => message.what === what).length;
  }

  /** The same, each message once however often it was repeated. */
  distinct(what: string): number {
    return new Set(this.received.filter((message) => message.what === what).map(({ text }) => text)).size;
  }

  /** A dialog that the other side began with this INVITE. */
  takes(invite: SipText, toTag = randomToken()): FakeSipDialog {
    return new FakeSipDialog(this, {
      callId: invite.header('Call-ID'),
      local: invite.uri('To'),
      remote: invite.uri('From'),
      localTag: toTag,
      remoteTag: invite.tag('From'),
      target: invite.uri('Contact'),
      invite,
    });
  }

  /** A new dialog of our own towards `to` (`alice@host:port`). */
  calls(to: string): FakeSipDialog {
    return new FakeSipDialog(this, {
      callId: `${randomToken()}@${this.address}`,
      local: `sip:${this.user}@${this.#host}`,
      remote: `sip:${to}`,
      localTag: randomToken(),
      remoteTag: undefined,
      target: `sip:${to}`,
      invite: undefined,
    });
  }

  /** Where our own requests go: `host:port`. */
  via(branch: string): string {
    return `SIP/2.0/${this.#protocol.toUpperCase()} ${this.#place};branch=${branch};rport${this.#protocol === 'tls' ? ';alias' : ''}`;
  }

  /** The way back of a request: over the same socket. */
  answer(request: SipText, text: string): void {
    this.#ways.get(request)?.send(text);
  }

  /** Sends raw bytes: as one datagram, or by a connection of its own. */
  sendTo(host: string, port: number, bytes: string | Buffer): void {
    this.#udp?.send(bytes, port, host);
    void this.#streams?.send(host, port, bytes.toString());
  }

  async close(): Promise<void> {
    const udp = this.#udp;
    if (udp) await new Promise<void>((resolve) => udp.close(() => resolve()));
    await this.#streams?.close();
  }

  get #host(): string {
    return isIPv6(this.address) ? `[${this.address}]` : this.address;
  }

  get #place(): string {
    return `${this.#host}:${this.port}`;
  }

  async #listenUdp(port: number): Promise<number> {
    const socket = createSocket(isIPv6(this.address) ? 'udp6' : 'udp4');
    this.#udp = socket;
    socket.on('message', (bytes, from) =>
      this.#take(bytes.toString(), { send: (text) => socket.send(text, from.port, from.address) }),
    );
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, this.address, resolve));
    return socket.address().port;
  }

  async #listenStreams(port: number, tls: PeerTls = {}): Promise<number> {
    this.#streams = await SipStreams.listen(
      {
        address: this.address,
        ...(this.#protocol === 'tls' ? { tls } : {}),
        each: (text, answer) => this.#take(text, { send: answer }),
      },
      port,
    );
    return this.#streams.port;
  }

  #take(text: string, way: Way): void {
    const message = new SipText(text);
    if (this.loses(message)) return;
    const isCopy = this.received.some((earlier) => earlier.text === text);
    this.received.push(message);
    this.#ways.set(message, way);
    if (isCopy && this.absorbsCopies && message.what !== 'ACK') return;
    this.#inbox.push({ message, way });
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #something(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
