import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CommandDone, EdgeCommand } from '@sylk/protocol/edge/commands.ts';
import type { EdgeReport, ReportAnswer } from '@sylk/protocol/edge/reports.ts';
import type { EdgeId } from '@sylk/protocol/ids.ts';
import { maxMessageBytes } from '@sylk/protocol/limits.ts';
import { type Hmac, verifyLinkToken } from '@sylk/protocol/link-token.ts';
import { ProtocolError } from '@sylk/protocol/protocol-error.ts';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../ports/clock.ts';
import { type EdgeLink, EdgeUnreachable } from '../../ports/edge-link.ts';
import type { EdgeRecord } from '../../ports/edges.ts';
import type { Log } from '../../ports/log.ts';
import type { Nonces } from '../../ports/nonces.ts';
import { AnsweredReports } from './answered-reports.ts';
import { EdgeSocket } from './edge-socket.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

const protocol = 'edge.v1';

/** How long a command waits for an answer on one socket before it tries another, in ms. */
const answerWaitMs = 3_000;

/** How long it waits for its edge to dial in, in ms: people wait for answers, but nobody for the news of a lost connection. */
const dialWaitOf = ({ kind, ttlMs }: EdgeCommand): number => (kind === 'connection-lost' ? ttlMs : 3_000);

export interface EdgeLinkOptions {
  readonly hmac: Hmac;
  readonly nonces: Nonces;
  readonly clock: Clock;
  readonly log: Log;
  report(edge: EdgeId, report: EdgeReport): Promise<ReportAnswer>;
}

/** Where edges dial in. An edge may hold several sockets: commands go to the newest, and to another if that one fails. */
export class EdgeLinkServer implements EdgeLink {
  readonly #options: EdgeLinkOptions;
  readonly #sockets = new Map<EdgeId, readonly EdgeSocket[]>();
  readonly #dialled = new Set<() => void>();
  readonly #answered = new AnsweredReports();
  readonly #server = new WebSocketServer({
    noServer: true,
    handleProtocols: () => protocol,
    // A frame for a browser travels inside another one, escaped once more.
    maxPayload: 2 * maxMessageBytes,
    perMessageDeflate: false,
  });

  constructor(options: EdgeLinkOptions) {
    this.#options = options;
  }

  /** Takes an upgrade request of an edge, if its token is good. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const edge = await this.#edgeOf(request);
    if (edge === undefined) return refuseUpgrade(socket, 401);
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
    if (!offered?.includes(protocol)) return refuseUpgrade(socket, 406, 'No compatible protocol specified');
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      new EdgeSocket(edge, webSocket, {
        report: (from, report) => this.#report(from, report),
        ready: (ready) => this.#ready(ready),
        closed: (closed) => this.#closed(closed),
        done: (from, done) => this.#settle(from, done),
        nonsense: (from, error) =>
          this.#options.log.warn({ edgeId: from, error: error.message }, 'an edge sent nonsense'),
        failed: (from, error) =>
          this.#options.log.error({ edgeId: from, err: error }, 'a report of an edge was not answered'),
      });
    });
  }

  isLinked({ edge }: EdgeRecord): boolean {
    return this.#sockets.has(edge);
  }

  async send(edge: EdgeId, command: EdgeCommand): Promise<CommandDone> {
    const deadline = Date.now() + command.ttlMs;
    const failed = new Set<EdgeSocket>();
    for (let left = command.ttlMs; left > 0; left = deadline - Date.now()) {
      const socket = await this.#pick(edge, failed, Math.min(left, dialWaitOf(command)));
      if (socket === undefined) break;
      const hasOther = this.#of(edge).length > failed.size + 1;
      const result = await socket.send({ ...command, ttlMs: left }, hasOther ? Math.min(left, answerWaitMs) : left);
      if (result !== 'closed' && result !== 'late') return result;
      failed.add(socket);
    }
    throw new EdgeUnreachable(edge);
  }

  /** Closes all links; the edges dial again. */
  close(): void {
    for (const socket of [...this.#sockets.values()].flat()) socket.close('server is restarting');
  }

  terminate(): void {
    for (const socket of this.#server.clients) socket.terminate();
  }

  /** The newest socket that has not failed; waits for one to come. */
  async #pick(edge: EdgeId, failed: ReadonlySet<EdgeSocket>, waitMs: number): Promise<EdgeSocket | undefined> {
    const deadline = Date.now() + waitMs;
    for (let left = waitMs; left > 0; left = deadline - Date.now()) {
      const socket = this.#of(edge).findLast((candidate) => !failed.has(candidate));
      if (socket !== undefined) return socket;
      await this.#nextDial(left);
    }
    return undefined;
  }

  #nextDial(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#dialled.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#dialled.add(done);
    });
  }

  async #edgeOf(request: IncomingMessage): Promise<EdgeId | undefined> {
    const { hmac, nonces, clock, log } = this.#options;
    try {
      const token = new URL(request.url ?? '', 'ws://edge.invalid').searchParams.get('token') ?? '';
      const { edge, nonce, exp } = verifyLinkToken(token, clock.now(), hmac);
      if (!(await nonces.use('edge link', nonce, exp))) throw new ProtocolError('link token was used before');
      return edge;
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      log.warn({ from: request.socket.remoteAddress, error: error.message }, 'a link was refused');
      return undefined;
    }
  }

  #report(edge: EdgeId, report: EdgeReport): Promise<ReportAnswer> {
    const { clock, report: carryOut } = this.#options;
    return this.#answered.answer(`${edge} ${report.id}`, clock.now(), () => carryOut(edge, report));
  }

  #settle(edge: EdgeId, done: CommandDone): void {
    for (const socket of this.#of(edge)) socket.settle(done);
  }

  #of(edge: EdgeId): readonly EdgeSocket[] {
    return this.#sockets.get(edge) ?? [];
  }

  #ready(socket: EdgeSocket): void {
    this.#sockets.set(socket.edge, [...this.#of(socket.edge), socket]);
    for (const done of [...this.#dialled]) done();
  }

  #closed(socket: EdgeSocket): void {
    const left = this.#of(socket.edge).filter((other) => other !== socket);
    if (left.length > 0) this.#sockets.set(socket.edge, left);
    else this.#sockets.delete(socket.edge);
  }
}
