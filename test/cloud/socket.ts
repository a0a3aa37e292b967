import type { Socket as TcpSocket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Faults } from './faults.ts';
import { FrameLengths } from './frame-lengths.ts';
import type { SocketFacts } from './socket-events.ts';

/** How long WebSockets live, in ms. */
export interface SocketLimits {
  readonly idleMs: number;
  readonly lifeMs: number;
}

export const maxFrameBytes = 32 * 1024;
export const maxMessageBytes = 128 * 1024;

export interface SocketOptions {
  readonly facts: SocketFacts;
  readonly limits: SocketLimits;
  readonly faults: Faults;
  onMessage(body: string): void;
  onClosed(code: number, reason: string): void;
}

/** One WebSocket as API Gateway keeps it. */
export class Socket {
  readonly facts: SocketFacts;
  readonly #options: SocketOptions;
  readonly #webSocket: WebSocket;
  readonly #timers: NodeJS.Timeout[] = [];
  #lastActiveAt = Date.now();
  /** Whether it counts as open, which it may long after the client is gone. */
  isOpen = true;

  /** @param tcp below the WebSocket, to see how long its frames are */
  constructor(webSocket: WebSocket, tcp: TcpSocket, options: SocketOptions) {
    this.facts = options.facts;
    this.#webSocket = webSocket;
    this.#options = options;
    const lengths = new FrameLengths();
    // Before the WebSocket reads them: a message in a frame that is too long reaches nobody.
    tcp.prependListener('data', (bytes: Buffer) => {
      if (lengths.push(bytes).some((length) => length > maxFrameBytes)) this.close(1009, 'Frame too long');
    });
    webSocket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    webSocket.on('close', (code, reason) => this.#ended(code, reason.toString()));
    // Nonsense on the wire ends in `close`.
    webSocket.on('error', () => undefined);
    this.#timers.push(setTimeout(() => this.close(1001, 'Going away'), options.limits.lifeMs));
    this.#timers.push(setInterval(() => this.#endIfIdle(), Math.min(1_000, options.limits.idleMs / 4)));
  }

  get lastActiveAt(): number {
    return this.#lastActiveAt;
  }

  /** Hands text to the client; lost when the client is gone without a word. */
  send(text: string): void {
    this.#lastActiveAt = Date.now();
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.send(text);
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason);
    // A client that is gone does not answer.
    this.#timers.push(setTimeout(() => this.#webSocket.terminate(), 1_000));
  }

  /** The connection fails, as all do at once when a stage is deployed anew. */
  cut(): void {
    this.#webSocket.terminate();
  }

  /** The whole API goes: nobody is told. */
  drop(): void {
    this.#clearTimers();
    this.#webSocket.removeAllListeners('close');
    this.#webSocket.terminate();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#lastActiveAt = Date.now();
    if (isBinary) this.close(1003, 'Binary is not supported');
    else if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#options.onMessage(data.toString());
  }

  #endIfIdle(): void {
    if (Date.now() - this.#lastActiveAt >= this.#options.limits.idleMs) this.close(1001, 'Going away');
  }

  #ended(code: number, reason: string): void {
    this.#clearTimers();
    const end = (): void => {
      this.isOpen = false;
      this.#options.onClosed(code, reason);
    };
    this.#timers.push(setTimeout(end, code === 1006 ? this.#options.faults.halfOpenMs() : 0));
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
