import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../ports/clock.ts';
import type { Endpoint, Flow, Receiver } from './flow.ts';
import { FramingError, type StreamFraming } from './stream-framing.ts';

export interface TcpConnectionOptions {
  readonly clock: Clock;
  readonly framing: StreamFraming;
  readonly receive: Receiver;
  /** Who made it: our own are kept alive by us (RFC 5626 s. 3.5.1), those of others must soon show that they speak SIP. */
  readonly origin: 'accepted' | 'made';
  /** `reason` is given when something went wrong, not for a plain end. */
  readonly onClosed: (reason: string | undefined) => void;
}

/** RFC 5626 s. 4.4.1: 95 to 120 s keep the NATs on the way open. */
const pingMs = 95_000;
/** A peer that is silent for so long is gone, or does not need the connection. */
const idleMs = 15 * 60_000;
/** How long an accepted connection may stay without a whole message. */
const firstMessageMs = 30_000;
/** What may wait for a peer that does not read, bytes. */
const maxWaitingBytes = 1024 * 1024;
/** With more waiting than that, keep-alives are not answered. */
const maxUnreadPongBytes = 4096;

/** One TCP connection as a flow; closes itself when it is idle, unreadable or stuck. */
export class TcpConnection implements Flow {
  readonly peer: Endpoint;
  readonly #socket: Socket;
  readonly #options: TcpConnectionOptions;
  #pinging: Timer | undefined;
  #isOpen = true;

  constructor(socket: Socket, peer: Endpoint, options: TcpConnectionOptions) {
    this.peer = peer;
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.setTimeout(options.origin === 'made' ? idleMs : firstMessageMs, () => this.close());
    socket.on('data', (piece) => this.#take(piece));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close());
    if (options.origin === 'made') this.#pingLater();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  send(message: Buffer): Promise<void> {
    if (!this.#isOpen) return Promise.reject(new Error('the connection is closed'));
    if (this.#socket.writableLength > maxWaitingBytes) {
      this.close('peer does not read');
      return Promise.reject(new Error('the peer does not read'));
    }
    return new Promise((resolve, reject) => {
      this.#socket.write(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Safe to repeat. */
  close(reason?: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#pinging?.cancel();
    this.#socket.destroy();
    this.#options.onClosed(reason);
  }

  #take(piece: Buffer): void {
    try {
      for (const frame of this.#options.framing.push(piece)) {
        this.#socket.setTimeout(idleMs);
        if (frame.kind === 'message') this.#options.receive(frame.bytes, this);
        else this.#pong();
      }
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      this.close(error.message);
    }
  }

  /** A peer that pings and does not read would have its answers pile up here. */
  #pong(): void {
    if (this.#isOpen && this.#socket.writableLength <= maxUnreadPongBytes) this.#socket.write('\r\n');
  }

  #pingLater(): void {
    this.#pinging = this.#options.clock.after(pingMs, () => {
      this.#socket.write('\r\n\r\n');
      this.#pingLater();
    });
  }
}
