import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket as TcpSocket } from 'node:net';

/** One SIP message as text, with its parts at hand. */
export class SipText {
  readonly text: string;
  readonly startLine: string;
  readonly body: string;
  readonly #head: string;

  constructor(text: string) {
    const end = text.indexOf('\r\n\r\n');
    this.text = text;
    this.#head = text.slice(0, end);
    this.body = text.slice(end + 4);
    this.startLine = text.split('\r\n', 1)[0] ?? '';
  }

  /** Method of a request, or `180` of a response. */
  get what(): string {
    const [first = '', second = ''] = this.startLine.split(' ');
    return first === 'SIP/2.0' ? second : first;
  }

  get method(): string {
    return this.header('CSeq').split(' ')[1] ?? '';
  }

  get cseq(): number {
    return Number(this.header('CSeq').split(' ')[0]);
  }

  headers(name: string): string[] {
    return this.#head
      .split('\r\n')
      .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`))
      .map((line) => line.slice(name.length + 1).trim());
  }

  /** The first of that name; empty when there is none. */
  header(name: string): string {
    return this.headers(name)[0] ?? '';
  }

  /** URI between the brackets of Contact, From or To. */
  uri(name: string): string {
    return /<([^>]*)>/.exec(this.header(name))?.[1] ?? this.header(name);
  }

  tag(name: 'From' | 'To'): string | undefined {
    return /;tag=([^;\s]+)/.exec(this.header(name))?.[1];
  }
}

export interface FakeSipPeerOptions {
  readonly port: number;
  readonly address?: string;
  readonly protocol?: 'udp' | 'tcp';
  readonly user?: string;
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
  readonly port: number;
  readonly user: string;
  /** All that ever came, in order. */
  readonly received: SipText[] = [];
  /** Says which incoming messages are lost. */
  loses: (message: SipText) => boolean = () => false;
  readonly #protocol: 'udp' | 'tcp';
  readonly #inbox: { message: SipText; way: Way }[] = [];
  readonly #ways = new WeakMap<SipText, Way>();
  readonly #connections = new Set<TcpSocket>();
  #waiting: (() => void)[] = [];
  #udp: UdpSocket | undefined;
  #tcp: Server | undefined;

  private constructor(options: FakeSipPeerOptions) {
    this.address = options.address ?? '127.0.0.1';
    this.port = options.port;
    this.user = options.user ?? 'bob';
    this.#protocol = options.protocol ?? 'udp';
  }

  static async listen(options: FakeSipPeerOptions): Promise<FakeSipPeer> {
    const peer = new FakeSipPeer(options);
    if (peer.#protocol === 'udp') await peer.#listenUdp();
    else await peer.#listenTcp();
    return peer;
  }

  get uri(): string {
    return `${this.user}@${this.address}:${this.port}${this.#protocol === 'tcp' ? ';transport=tcp' : ''}`;
  }

  get contact(): string {
    return `<sip:${this.uri}>`;
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
          `no ${what} in ${timeoutMs} ms; came last: ${this.received.slice(-8).map((one) => one.startLine).join(' | ') || 'nothing'}`,
        );
      await this.#something(leftMs);
    }
  }

  /** How many messages of this method or status came so far. */
  count(what: string): number {
    return this.received.filter((message) => message.what === what).length;
  }

  /** A dialog that the other side began with this INVITE. */
  takes(invite: SipText, toTag = token()): FakeSipDialog {
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
      callId: `${token()}@${this.address}`,
      local: `sip:${this.user}@${this.address}`,
      remote: `sip:${to}`,
      localTag: token(),
      remoteTag: undefined,
      target: `sip:${to}`,
      invite: undefined,
    });
  }

  /** Where our own requests go: `host:port`. */
  via(branch: string): string {
    return `SIP/2.0/${this.#protocol.toUpperCase()} ${this.address}:${this.port};branch=${branch};rport`;
  }

  /** The way back of a request: over the same socket. */
  answer(request: SipText, text: string): void {
    this.#ways.get(request)?.send(text);
  }

  /** Sends raw bytes as one datagram. */
  sendTo(host: string, port: number, bytes: string | Buffer): void {
    this.#udp?.send(bytes, port, host);
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    const udp = this.#udp;
    const tcp = this.#tcp;
    if (udp) await new Promise<void>((resolve) => udp.close(() => resolve()));
    if (tcp) await new Promise<void>((resolve) => tcp.close(() => resolve()));
  }

  async #listenUdp(): Promise<void> {
    const socket = createSocket('udp4');
    this.#udp = socket;
    socket.on('message', (bytes, from) =>
      this.#take(bytes.toString(), { send: (text) => socket.send(text, from.port, from.address) }),
    );
    await new Promise<void>((resolve) => socket.bind(this.port, this.address, resolve));
  }

  async #listenTcp(): Promise<void> {
    const server = createServer((connection) => {
      this.#connections.add(connection);
      readStream(connection, (text) => this.#take(text, { send: (answer) => void connection.write(answer) }));
    });
    this.#tcp = server;
    await new Promise<void>((resolve) => server.listen(this.port, this.address, resolve));
  }

  #take(text: string, way: Way): void {
    const message = new SipText(text);
    if (this.loses(message)) return;
    this.received.push(message);
    this.#ways.set(message, way);
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

interface DialogParts {
  readonly callId: string;
  readonly local: string;
  readonly remote: string;
  readonly localTag: string;
  remoteTag: string | undefined;
  target: string;
  readonly invite: SipText | undefined;
}

/** One dialog of a fake peer: fills in the headers, and nothing else. */
export class FakeSipDialog {
  readonly callId: string;
  readonly #peer: FakeSipPeer;
  readonly #parts: DialogParts;
  #cseq = 0;
  #lastBranch = '';

  constructor(peer: FakeSipPeer, parts: DialogParts) {
    this.#peer = peer;
    this.#parts = parts;
    this.callId = parts.callId;
  }

  /** Answers a request of the other side; without one, the INVITE that began the dialog. */
  reply(code: number, phrase: string, options: { to?: SipText; sdp?: string; headers?: readonly string[] } = {}): void {
    const request = options.to ?? this.#parts.invite;
    if (request === undefined) throw new Error('nothing to answer to');
    const to = request.header('To');
    this.#peer.answer(
      request,
      message(
        [
          `SIP/2.0 ${code} ${phrase}`,
          ...request.headers('Via').map((via) => `Via: ${via}`),
          `From: ${request.header('From')}`,
          `To: ${to}${code === 100 || /;tag=/.test(to) ? '' : `;tag=${this.#parts.localTag}`}`,
          `Call-ID: ${this.callId}`,
          `CSeq: ${request.header('CSeq')}`,
          ...(code > 100 && request.what === 'INVITE' ? [`Contact: ${this.#peer.contact}`] : []),
          ...(options.headers ?? []),
        ],
        options.sdp,
      ),
    );
  }

  /** Sends a request to `host:port` of the gateway; returns its text. */
  request(method: string, gateway: { address: string; port: number }, options: RequestOptions = {}): string {
    const { local, remote, localTag, remoteTag, target } = this.#parts;
    const isSame = method === 'ACK' || method === 'CANCEL';
    if (!isSame) this.#cseq++;
    const isOfInvite = (method === 'CANCEL' || options.sameBranch === true) && this.#lastBranch !== '';
    const branch = isOfInvite ? this.#lastBranch : `z9hG4bK${token()}`;
    if (!isSame) this.#lastBranch = branch;
    const isInDialog = remoteTag !== undefined && method !== 'CANCEL';
    const text = message(
      [
        `${method} ${options.uri ?? target} SIP/2.0`,
        `Via: ${this.#peer.via(branch)}`,
        `From: <${local}>;tag=${localTag}`,
        `To: <${remote}>${isInDialog ? `;tag=${remoteTag}` : ''}`,
        `Call-ID: ${this.callId}`,
        `CSeq: ${this.#cseq} ${method}`,
        'Max-Forwards: 70',
        `Contact: ${this.#peer.contact}`,
        ...(options.headers ?? []),
      ],
      options.sdp,
    );
    this.#peer.sendTo(gateway.address, gateway.port, text);
    return text;
  }

  /** Learns tag and Contact of the other side from its response. */
  learn(response: SipText): void {
    this.#parts.remoteTag = response.tag('To');
    if (response.header('Contact') !== '') this.#parts.target = response.uri('Contact');
  }
}

export interface RequestOptions {
  readonly sdp?: string;
  readonly headers?: readonly string[];
  readonly uri?: string;
  /** For the ACK of a failure (RFC 3261 s. 17.1.1.3). */
  readonly sameBranch?: boolean;
}

/** Plain audio as phones write it. */
export function phoneSdp(
  options: { address?: string; port?: number; codecs?: string; direction?: string; version?: number } = {},
): string {
  const address = options.address ?? '127.0.0.1';
  return [
    'v=0',
    `o=bob 77 ${options.version ?? 1} IN IP4 ${address}`,
    's=-',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${options.port ?? 15_900} RTP/AVP ${options.codecs ?? '0 8 101'}`,
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    `a=${options.direction ?? 'sendrecv'}`,
    '',
  ].join('\r\n');
}

function message(lines: readonly string[], sdp?: string): string {
  const hasType = lines.some((line) => line.startsWith('Content-Type:'));
  const type = sdp === undefined || hasType ? [] : ['Content-Type: application/sdp'];
  return [...lines, ...type, `Content-Length: ${Buffer.byteLength(sdp ?? '')}`, '', sdp ?? ''].join('\r\n');
}

const token = (): string => randomBytes(6).toString('hex');

function readStream(connection: TcpSocket, each: (text: string) => void): void {
  let buffer = '';
  connection.setEncoding('utf8').on('data', (piece: string) => {
    buffer += piece;
    for (let end = buffer.indexOf('\r\n\r\n'); end >= 0; end = buffer.indexOf('\r\n\r\n')) {
      const length = Number(/content-length:\s*(\d+)/i.exec(buffer.slice(0, end))?.[1] ?? 0);
      if (buffer.length < end + 4 + length) return;
      each(buffer.slice(0, end + 4 + length));
      buffer = buffer.slice(end + 4 + length);
    }
  });
  connection.on('error', () => connection.destroy());
}
