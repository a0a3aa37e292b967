import { decodeFromEdge, encode } from '@sylk/protocol/edge/codec.ts';
import type { EdgeReport, FromEdge, ReportResults, ToEdge } from '@sylk/protocol/edge/reports.ts';
import { WebSocket, WebSocketServer } from 'ws';

/** What an edge dials: it takes every edge in, and answers as the test says. */
export class FakeLinkServer {
  readonly url: string;
  readonly received: FromEdge[] = [];
  readonly sockets: WebSocket[] = [];
  /** Tokens of the upgrade requests. */
  readonly tokens: string[] = [];
  isLost = false;
  /** Reports that get no answer, by kind. */
  readonly silentOn = new Set<EdgeReport['kind']>();
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, port: number) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${port}/edge/v1`;
    server.on('connection', (socket, request) => this.#taken(socket, new URL(request.url ?? '', this.url)));
  }

  static async listen(port = 0): Promise<FakeLinkServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port, handleProtocols: () => 'edge.v1' });
    await new Promise<void>((resolve) => server.once('listening', resolve));
    const address = server.address();
    return new FakeLinkServer(server, typeof address === 'object' && address ? address.port : port);
  }

  /** By the newest socket that is open, as signaling does it. @throws Error when there is none */
  send(message: ToEdge, socket = this.sockets.findLast(({ readyState }) => readyState === WebSocket.OPEN)): void {
    if (socket === undefined) throw new Error('the edge has no socket open');
    socket.send(encode(message));
  }

  count(kind: FromEdge['kind']): number {
    return this.received.filter((message) => message.kind === kind).length;
  }

  /** Waits until so many messages of this kind have come. */
  async receives(kind: FromEdge['kind'], count = 1): Promise<readonly FromEdge[]> {
    while (this.count(kind) < count) await new Promise((resolve) => setTimeout(resolve, 5));
    return this.received.filter((message) => message.kind === kind);
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #taken(socket: WebSocket, url: URL): void {
    this.sockets.push(socket);
    this.tokens.push(url.searchParams.get('token') ?? '');
    socket.on('message', (data) => this.#heard(socket, decodeFromEdge(String(data))));
  }

  #heard(socket: WebSocket, message: FromEdge): void {
    this.received.push(message);
    if (message.kind === 'done' || this.silentOn.has(message.kind)) return;
    socket.send(encode({ kind: 'answer', id: message.id, ok: true, result: this.#resultOf(message) }));
  }

  #resultOf(report: EdgeReport): ReportResults[EdgeReport['kind']] {
    switch (report.kind) {
      case 'hello':
        return { leaseMs: 8_000, domain: 'sylk.test', aliases: [] };
      case 'renew':
        return { lost: this.isLost };
      case 'post':
        return { gone: false };
      case 'ring':
        return { status: 'away' } as const;
      default:
        return {};
    }
  }
}
