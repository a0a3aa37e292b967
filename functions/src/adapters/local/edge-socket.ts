import { decodeFromEdge, encode } from '@sylk/protocol/edge/codec.ts';
import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeReport, ReportAnswer } from '@sylk/protocol/edge/reports.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { leaseLostMs } from '@sylk/protocol/limits.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import type { WebSocket } from 'ws';

export interface EdgeSocketHandlers {
  report(edge: EdgeId, report: EdgeReport): Promise<ReportAnswer>;
  /** The edge has said hello and may get commands. */
  ready(socket: EdgeSocket): void;
  closed(socket: EdgeSocket): void;
  /** The edge has a command; the word may come by another socket than the command went. */
  done(edge: EdgeId, done: CommandDone): void;
  nonsense(edge: EdgeId, error: ProtocolError): void;
  /** A report got no answer; the edge sends it again. */
  failed(edge: EdgeId, error: unknown): void;
}

/** One of the sockets that an edge has opened. */
export class EdgeSocket {
  readonly edge: EdgeId;
  readonly #socket: WebSocket;
  readonly #handlers: EdgeSocketHandlers;
  readonly #waiting = new Map<string, (done: CommandDone | 'closed') => void>();
  // The renewals of the lease come by a link, so one that is quiet for longer is dead.
  readonly #silence: NodeJS.Timeout;

  constructor(edge: EdgeId, socket: WebSocket, handlers: EdgeSocketHandlers) {
    this.edge = edge;
    this.#socket = socket;
    this.#handlers = handlers;
    this.#silence = setTimeout(() => socket.terminate(), 2 * leaseLostMs);
    socket.on('message', (data) => this.#receive(data.toString()));
    socket.on('pong', () => this.#silence.refresh());
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#closed());
  }

  /**
   * Sends a command and waits for the edge's word.
   *
   * @returns `closed` when the socket was lost, `late` when no word came within `waitMs`
   */
  async send(command: EdgeCommand, waitMs: number): Promise<CommandDone | 'closed' | 'late'> {
    if (this.#socket.readyState !== this.#socket.OPEN) return 'closed';
    const { promise, resolve } = Promise.withResolvers<CommandDone | 'closed' | 'late'>();
    const timer = setTimeout(() => resolve('late'), waitMs);
    this.#waiting.set(command.id, resolve);
    this.#socket.send(encode(command));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(command.id);
    }
  }

  /** Passes the edge's word on to the command that waits for it here. */
  settle(done: CommandDone): void {
    this.#waiting.get(done.id)?.(done);
  }

  close(reason: string): void {
    this.#socket.close(1001, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #receive(text: string): void {
    this.#silence.refresh();
    try {
      const message = decodeFromEdge(text);
      if (message.kind === 'done') this.#handlers.done(this.edge, message);
      else this.#answer(message).catch((error: unknown) => this.#handlers.failed(this.edge, error));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#handlers.nonsense(this.edge, error);
    }
  }

  async #answer(report: EdgeReport): Promise<void> {
    const answer = await this.#handlers.report(this.edge, report);
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(encode(answer));
    if (report.kind === 'hello' && answer.ok) this.#handlers.ready(this);
  }

  #closed(): void {
    clearTimeout(this.#silence);
    this.#handlers.closed(this);
    for (const resolve of this.#waiting.values()) resolve('closed');
  }
}
