import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls';

/** What a peer shows and believes over TLS, in PEM. */
export interface PeerTls {
  readonly cert?: string;
  readonly key?: string;
  /** Who must have signed what the other side shows; absent: nothing is looked at. */
  readonly ca?: string;
}

export interface SipStreamsOptions {
  readonly address: string;
  /** Absent: plain TCP. */
  readonly tls?: PeerTls;
  readonly each: (text: string, answer: (text: string) => void) => void;
}

/** The connections of a fake peer, TCP or TLS, made by it and to it; each is used in both directions. */
export class SipStreams {
  /** Those that others made to it, open or not, in order. */
  readonly accepted: Socket[] = [];
  /** Those that it made itself. */
  readonly made: Socket[] = [];
  /** Pings (RFC 5626 s. 3.5.1) that came; they are answered. */
  pings = 0;
  /** Nothing that comes is read any more. */
  isDeaf = false;
  /** The next that is sent to it by an open connection finds it dead. */
  isDead = false;
  readonly #options: SipStreamsOptions;
  readonly #server: Server;
  readonly #ways = new Map<string, Promise<Socket>>();

  private constructor(options: SipStreamsOptions) {
    this.#options = options;
    const { tls } = options;
    const take = (socket: Socket) => {
      this.accepted.push(socket);
      this.#read(socket);
    };
    const asked = { requestCert: tls?.ca !== undefined, rejectUnauthorized: false };
    this.#server = tls === undefined ? createServer(take) : createTlsServer({ ...tls, ...asked }, take);
  }

  static async listen(options: SipStreamsOptions, port: number): Promise<SipStreams> {
    const streams = new SipStreams(options);
    const server = streams.#server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, options.address, resolve));
    return streams;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the peer listens on no port');
    return address.port;
  }

  /** Sends by its connection there, which is made for the first message. */
  async send(host: string, port: number, text: string): Promise<void> {
    const place = `${host} ${port}`;
    const way = this.#ways.get(place) ?? this.#connect(host, port);
    this.#ways.set(place, way);
    (await way).write(text);
  }

  /** Closes all connections, and goes on listening. */
  drop(): void {
    for (const socket of [...this.accepted, ...this.made]) socket.destroy();
    this.#ways.clear();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(host: string, port: number): Promise<Socket> {
    const { tls, address } = this.#options;
    const from = { localAddress: address };
    const socket =
      tls === undefined
        ? connect({ host, port, ...from })
        : tlsConnect({ host, port, ...from, ...tls, rejectUnauthorized: false, servername: '' });
    this.made.push(socket);
    this.#read(socket);
    const event = tls === undefined ? 'connect' : 'secureConnect';
    return new Promise((resolve, reject) => socket.once('error', reject).once(event, () => resolve(socket)));
  }

  #read(socket: Socket): void {
    let buffer = '';
    socket.setEncoding('utf8').on('data', (piece: string) => {
      if (this.isDeaf) return;
      if (this.isDead) {
        this.isDead = false;
        return void socket.destroy();
      }
      // A pong of the other side belongs to no message.
      buffer += piece === '\r\n' ? '' : piece;
      for (let length = lengthOf(buffer); length > 0; length = lengthOf(buffer)) {
        const text = buffer.slice(0, length);
        buffer = buffer.slice(length);
        if (text === '\r\n\r\n') this.#pong(socket);
        else this.#options.each(text, (answer) => void socket.write(answer));
      }
    });
    socket.on('error', () => socket.destroy());
  }

  #pong(socket: Socket): void {
    this.pings++;
    socket.write('\r\n');
  }
}

/** Length of the first message or ping in it; 0 while it is not whole. */
function lengthOf(buffer: string): number {
  const end = buffer.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const whole = end + 4 + Number(/content-length:\s*(\d+)/i.exec(buffer.slice(0, end))?.[1] ?? 0);
  return buffer.length < whole ? 0 : whole;
}
