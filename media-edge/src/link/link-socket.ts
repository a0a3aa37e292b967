import { decodeToEdge } from '@sylk/protocol/edge/codec.ts';
import type { EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { ReportAnswer } from '@sylk/protocol/edge/reports.ts';
import { maxFrameBytes } from '@sylk/protocol/limits.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import { WebSocket } from 'ws';
import type { Log } from '../ports/log.ts';

export interface LinkSocketHandlers {
  opened(socket: LinkSocket): void;
  command(socket: LinkSocket, command: EdgeCommand): void;
  answer(answer: ReportAnswer): void;
  /** Once, also when it could not be opened. */
  closed(socket: LinkSocket, why: string): void;
}

/** How long the TCP and WebSocket handshakes may take, in ms. */
const handshakeTimeout = 10_000;

/** One WebSocket to signaling. */
export class LinkSocket {
  readonly #socket: WebSocket;
  readonly #handlers: LinkSocketHandlers;
  readonly #log: Log;
  #why = 'the connection was closed';

  /** @param url with the token, which is not logged */
  constructor(url: string, log: Log, handlers: LinkSocketHandlers) {
    this.#log = log;
    this.#handlers = handlers;
    this.#socket = new WebSocket(url, 'edge.v1', { handshakeTimeout, perMessageDeflate: false });
    this.#socket.on('open', () => handlers.opened(this));
    this.#socket.on('message', (data) => this.#receive(String(data)));
    this.#socket.on('error', (error) => {
      this.#why = error.message;
    });
    this.#socket.on('close', () => handlers.closed(this, this.#why));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** A long message goes in several frames (RFC 6455 s. 5.4): API Gateway takes none over 32 KB. */
  send(text: string): void {
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length; start += maxFrameBytes) {
      const fin = start + maxFrameBytes >= bytes.length;
      this.#socket.send(bytes.subarray(start, start + maxFrameBytes), { binary: false, fin });
    }
  }

  /** Says goodbye. */
  close(): void {
    this.#socket.close(1000);
  }

  /** Gives up a connection that is dead. */
  terminate(why: string): void {
    this.#why = why;
    this.#socket.terminate();
  }

  #receive(text: string): void {
    try {
      const message = decodeToEdge(text);
      if (message.kind === 'answer') this.#handlers.answer(message);
      else this.#handlers.command(this, message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#log.warn({ error: error.message }, 'signaling sent what is no edge.v1');
    }
  }
}
