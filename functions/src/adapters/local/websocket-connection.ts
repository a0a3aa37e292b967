import { decodeRequest, encode, type IgnoredFrame } from '@sylk/protocol/codec.ts';
import type { ConnectionId } from '@sylk/protocol/ids.ts';
import { maxUnsentBytes } from '@sylk/protocol/limits.ts';
import type { Request } from '@sylk/protocol/sylkrtc/requests.ts';
import type { RawData, WebSocket } from 'ws';
import type { Delivery, HostLimits } from './host-limits.ts';
import { RequestQueue } from './request-queue.ts';

/** What a connection tells its host. */
export interface ConnectionHandlers {
  opened(connection: ConnectionId): Promise<void>;
  received(connection: ConnectionId, request: Request): Promise<void>;
  closed(connection: ConnectionId): Promise<void>;
  ignored(connection: ConnectionId, why: IgnoredFrame | 'binary'): void;
  /** The client broke the WebSocket protocol, or the network the connection. */
  broken(connection: ConnectionId, error: Error): void;
  /** Handling something failed for a reason of ours. */
  failed(connection: ConnectionId, error: unknown): void;
}

/** Close codes, RFC 6455 s. 7.4.1. */
const goingAway = 1001;
const policyViolation = 1008;

/** With more unsent than that, pings are not answered. */
const maxUnreadPongBytes = 4096;

/** One browser's WebSocket: reads frames into its queue, writes frames, and ends with age, idleness or silence. */
export class WebSocketConnection {
  readonly id: ConnectionId;
  readonly #socket: WebSocket;
  readonly #handlers: ConnectionHandlers;
  readonly #queue: RequestQueue;
  readonly #idle: NodeJS.Timeout;
  readonly #timers: readonly NodeJS.Timeout[];
  #isPongDue = false;

  constructor(
    id: ConnectionId,
    socket: WebSocket,
    handlers: ConnectionHandlers,
    limits: HostLimits & { delivery: Delivery },
  ) {
    this.id = id;
    this.#socket = socket;
    this.#handlers = handlers;
    this.#queue = new RequestQueue({
      delivery: limits.delivery,
      first: () => handlers.opened(id),
      failed: (error) => handlers.failed(id, error),
    });
    this.#idle = setTimeout(() => this.close(goingAway, 'idle'), limits.maxIdleMs);
    const age = setTimeout(() => this.close(goingAway, 'connection is too old'), limits.maxAgeMs);
    const ping = setInterval(() => this.#ping(limits.pingMs / 2), limits.pingMs);
    this.#timers = [this.#idle, age, ping];
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#isPongDue = false;
    });
    socket.on('ping', (data) => this.#pong(data));
    // `ws` closes after an error, with the code that fits; the close event follows.
    socket.on('error', (error) => handlers.broken(id, error));
  }

  /** Resolves when the socket is closed and all that belongs to its end is done. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.on('close', () => {
        for (const timer of this.#timers) clearTimeout(timer);
        resolve(this.#queue.close(() => this.#handlers.closed(this.id)));
      });
    });
  }

  send(frame: string): 'sent' | 'gone' {
    if (this.#socket.readyState !== this.#socket.OPEN) return 'gone';
    if (this.#socket.bufferedAmount > maxUnsentBytes) {
      // A client that does not read is lost; it may come back and resume.
      this.#socket.terminate();
      return 'gone';
    }
    this.#socket.send(frame);
    this.#idle.refresh();
    return 'sent';
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    this.#idle.refresh();
    if (isBinary) this.#handlers.ignored(this.id, 'binary');
    else this.#read(data.toString());
  }

  #read(text: string): void {
    const decoded = decodeRequest(text);
    switch (decoded.kind) {
      case 'ignored':
        this.#handlers.ignored(this.id, decoded.why);
        break;
      case 'invalid':
        this.send(encode({ sylkrtc: 'error', transaction: decoded.transaction, error: decoded.error }));
        break;
      case 'request':
        this.#enqueue(decoded.request, text.length);
        break;
    }
  }

  #enqueue(request: Request, bytes: number): void {
    const isAccepted = this.#queue.add(() => this.#handlers.received(this.id, request), bytes);
    if (!isAccepted) this.close(policyViolation, 'too many requests waiting');
  }

  /** A client that pings and does not read would have its answers pile up here; it misses nothing without them. */
  #pong(data: Buffer): void {
    if (this.#socket.bufferedAmount <= maxUnreadPongBytes) this.#socket.pong(data);
  }

  #ping(answerWithinMs: number): void {
    this.#isPongDue = true;
    this.#socket.ping();
    setTimeout(() => this.#isPongDue && this.#socket.terminate(), answerWithinMs).unref();
  }
}
