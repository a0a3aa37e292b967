import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import type { Endpoint, Flow, Receiver } from './flow.ts';
import { FramingError, StreamFraming } from './stream-framing.ts';

export interface StreamConnectionOptions {
  readonly id: string;
  readonly peer: Endpoint;
  /** As in `Flow`. */
  readonly identities: readonly string[];
  readonly clock: Clock;
  readonly receive: Receiver;
  readonly times: StreamTimes;
  /** Who made it: our own are kept alive by us (RFC 5626 s. 3.5.1), those of others must soon show that they speak SIP. */
  readonly origin: 'accepted' | 'made';
  /** A first whole message came. */
  readonly onProven: () => void;
  /** `reason` is given when something went wrong, not for a plain end. */
  readonly onClosed: (reason: string | undefined) => void;
}

/** How long a connection may do nothing, in ms. */
export interface StreamTimes {
  /** Between pings of ours. RFC 5626 s. 4.4.1: 95 to 120 s keep the NATs on the way open. */
  readonly pingMs: number;
  /** The same section: how long a peer that answers pings may take for it. */
  readonly pongMs: number;
  /** A peer that is silent for so long is gone, or does not need the connection. */
  readonly idleMs: number;
  /** How long an accepted connection may stay without a whole message, its handshake included. */
  readonly firstMessageMs: number;
  /** How long a message may take from its first byte to its last; a byte now and then keeps no connection. */
  readonly messageMs: number;
}

export const defaultStreamTimes: StreamTimes = {
  pingMs: 95_000,
  pongMs: 10_000,
  idleMs: 15 * 60_000,
  firstMessageMs: 30_000,
  messageMs: 20_000,
};

const ping = '\r\n\r\n';
const pong = Buffer.from('\r\n');

/** What may wait for a peer that does not read, bytes. */
const maxWaitingBytes = 1024 * 1024;
/** With more waiting than that, keep-alives are not answered. */
const maxUnreadPongBytes = 4096;

/** One TCP or TLS connection as a flow; closes itself when it is idle, unreadable or stuck. */
export class StreamConnection implements Flow {
  readonly id: string;
  readonly peer: Endpoint;
  readonly identities: readonly string[];
  readonly #socket: Socket;
  readonly #options: StreamConnectionOptions;
  readonly #framing = new StreamFraming();
  readonly #openedAt: number;
  #heardAt: number;
  /** When a message began of which the end has not come. */
  #begunAt: number | undefined;
  #pingedAt: number;
  #hasPinged = false;
  #isPongDue = false;
  #givesPongs = false;
  #isProven = false;
  #isOpen = true;
  #isUsed = false;
  readonly #closing = new Set<() => void>();

  /** @param socket connected, and past its handshake */
  constructor(socket: Socket, options: StreamConnectionOptions) {
    this.id = options.id;
    this.peer = options.peer;
    this.identities = options.identities;
    this.#socket = socket;
    this.#options = options;
    this.#openedAt = options.clock.now();
    this.#heardAt = this.#openedAt;
    this.#pingedAt = this.#openedAt;
    socket.setNoDelay(true);
    socket.on('data', (piece) => this.#take(piece));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isUsed(): boolean {
    return this.#isUsed;
  }

  onceClosed(callback: () => void): () => void {
    this.#closing.add(callback);
    return () => void this.#closing.delete(callback);
  }

  send(message: Buffer): Promise<void> {
    this.#isUsed = true;
    if (!this.#isOpen) return Promise.reject(new Error('the connection is closed'));
    if (this.#socket.writableLength > maxWaitingBytes) {
      this.close('peer does not read');
      return Promise.reject(new Error('the peer does not read'));
    }
    return new Promise((resolve, reject) => {
      this.#socket.write(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Sends a keep-alive; a peer that does not answer it in time loses the connection if it must, or has answered before. */
  ping(mustAnswer = false): void {
    if (!this.#isOpen || this.#isPongDue) return;
    this.#pingedAt = this.#options.clock.now();
    this.#isPongDue = true;
    this.#hasPinged = true;
    this.#givesPongs ||= mustAnswer;
    this.#socket.write(ping);
  }

  /** Looks at the time, about once a second. */
  tick(): void {
    const { clock, times, origin } = this.#options;
    const now = clock.now();
    const isLate = (since: number, ms: number) => now - since >= ms;
    if (!this.#isProven && origin === 'accepted' && isLate(this.#openedAt, times.firstMessageMs))
      return this.close('no message in time');
    if (this.#begunAt !== undefined && isLate(this.#begunAt, times.messageMs))
      return this.close('a message took too long');
    if (isLate(this.#heardAt, times.idleMs)) return this.close();
    if (this.#isPongDue && isLate(this.#pingedAt, times.pongMs)) {
      if (this.#givesPongs) return this.close('keep-alive without an answer');
      this.#isPongDue = false;
    }
    if (origin === 'made' && isLate(this.#pingedAt, times.pingMs)) this.ping();
  }

  /** Safe to repeat. */
  close(reason?: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.destroy();
    this.#options.onClosed(reason);
    for (const callback of this.#closing) callback();
    this.#closing.clear();
  }

  #take(piece: Buffer): void {
    this.#heardAt = this.#options.clock.now();
    if (this.#isPongDue) this.#givesPongs = true;
    this.#isPongDue = false;
    // Two answers to our pings in a row must not pass for a ping.
    if (this.#hasPinged && this.#framing.isEmpty && piece.equals(pong)) return;
    try {
      for (const frame of this.#framing.push(piece)) {
        this.#begunAt = undefined;
        if (frame.kind === 'message') this.#message(frame.bytes);
        else this.#pong();
      }
      if (this.#framing.isWithinMessage) this.#begunAt ??= this.#heardAt;
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.close(error.message);
    }
  }

  #message(bytes: Buffer): void {
    if (!this.#isProven) this.#options.onProven();
    this.#isProven = true;
    this.#options.receive(bytes, this);
  }

  /** A peer that pings and does not read would have its answers pile up here. */
  #pong(): void {
    if (this.#isOpen && this.#socket.writableLength <= maxUnreadPongBytes) this.#socket.write(pong);
  }
}
