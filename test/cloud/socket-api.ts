import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseJson } from '@sylk/protocol/json.ts';
import { WebSocketServer } from 'ws';
import type { SocketApiDefinition } from './deployment.ts';
import type { Faults } from './faults.ts';
import { handshake, Refused } from './handshake.ts';
import { at } from './json-path.ts';
import type { Ledger } from './ledger.ts';
import { maxMessageBytes, Socket, type SocketLimits } from './socket.ts';
import { disconnectEvent, messageEvent, type SocketFacts } from './socket-events.ts';
import { TokenBucket } from './token-bucket.ts';

export interface SocketApiOptions {
  readonly definition: SocketApiDefinition;
  readonly limits: SocketLimits;
  readonly faults: Faults;
  readonly ledger: Ledger;
  /**
   * @param path of what the API calls it for, as in `v1/$connect`
   * @throws FunctionError
   */
  invoke(functionArn: string, path: string, event: unknown): Promise<unknown>;
  onLog(text: string): void;
}

/** One WebSocket API of API Gateway. */
export class SocketApi {
  readonly definition: SocketApiDefinition;
  readonly #options: SocketApiOptions;
  readonly #sockets = new Map<string, Socket>();
  readonly #throttle: TokenBucket;
  readonly #connectThrottle: TokenBucket;

  constructor(options: SocketApiOptions) {
    this.#options = options;
    this.definition = options.definition;
    const { throttle, connectThrottle } = options.definition;
    this.#throttle = new TokenBucket(throttle.rate, throttle.burst, Date.now());
    this.#connectThrottle = new TokenBucket(connectThrottle.rate, connectThrottle.burst, Date.now());
  }

  /** A connection that counts as open; not before its `$connect` has returned. */
  find(id: string): Socket | undefined {
    return this.#sockets.get(id);
  }

  /** Ids of the connections that count as open. */
  get connections(): readonly string[] {
    return [...this.#sockets.keys()];
  }

  /** What a deployment of the stage may do: all connections are cut at once. */
  cutAll(): void {
    for (const socket of this.#sockets.values()) socket.cut();
  }

  /** Ends with all that it has open. */
  close(): void {
    for (const socket of this.#sockets.values()) socket.drop();
  }

  /** Decides about a handshake; nothing of the client is read before. */
  async upgrade(request: IncomingMessage, tcp: TcpSocket, head: Buffer): Promise<void> {
    tcp.on('error', () => tcp.destroy());
    try {
      if (!this.#connectThrottle.take(Date.now()))
        throw new Refused('{"message":"Too Many Requests"}', { status: 429 });
      const { facts, protocol } = await handshake(this.#options, request);
      this.#open({ request, tcp, head, facts, protocol });
    } catch (error) {
      this.#refuse(tcp, error instanceof Refused ? error : new Refused('', { status: 500, cause: error }));
    }
  }

  #refuse(tcp: TcpSocket, { status, message, cause }: Refused): void {
    this.#options.onLog(`a handshake was refused: ${status} ${message} ${cause ?? ''}`);
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, `content-length: ${Buffer.byteLength(message)}`];
    tcp.end(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${message}`);
  }

  #open({ request, tcp, head, facts, protocol }: Opening): void {
    const server = new WebSocketServer({
      noServer: true,
      maxPayload: maxMessageBytes,
      handleProtocols: () => protocol ?? false,
    });
    server.handleUpgrade(request, tcp, head, (webSocket) => {
      const socket = new Socket(webSocket, tcp, {
        facts,
        limits: this.#options.limits,
        faults: this.#options.faults,
        onMessage: (body) => void this.#message(socket, body),
        onClosed: (code, reason) => void this.#closed(socket, code, reason),
      });
      this.#sockets.set(facts.id, socket);
    });
    // The client left while it was waited for: there was a connection, and it is over.
    if (tcp.destroyed) void this.#disconnect(facts, 1006, 'the client left');
  }

  async #message(socket: Socket, body: string): Promise<void> {
    const { faults, ledger } = this.#options;
    ledger.messageIn(body);
    if (!this.#throttle.take(Date.now())) {
      socket.send(JSON.stringify({ message: 'Too Many Requests', connectionId: socket.facts.id }));
      return;
    }
    const times = faults.comesTwice() ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => this.#deliver(socket, body)));
  }

  async #deliver(socket: Socket, body: string): Promise<void> {
    const { routes, stage } = this.definition;
    await sleep(this.#options.faults.delayMs());
    const named = this.#routeOf(body);
    const route = routes[named] === undefined ? '$default' : named;
    const target = routes[route];
    try {
      if (target === undefined) throw new Error(`no route for ${named}`);
      await this.#options.invoke(target, `${stage}/${route}`, messageEvent(socket.facts, route, body));
    } catch (error) {
      this.#options.onLog(`a message could not be worked on: ${error}`);
      const { id } = socket.facts;
      socket.send(JSON.stringify({ message: 'Internal server error', connectionId: id, requestId: id }));
    }
  }

  #routeOf(body: string): string {
    try {
      return String(at(parseJson(body), this.definition.routeField) ?? '$default');
    } catch {
      return '$default';
    }
  }

  async #closed({ facts }: Socket, code: number, reason: string): Promise<void> {
    this.#sockets.delete(facts.id);
    if (!this.#options.faults.losesDisconnect()) await this.#disconnect(facts, code, reason);
  }

  async #disconnect(facts: SocketFacts, code: number, reason: string): Promise<void> {
    const { routes, stage } = this.definition;
    if (routes.$disconnect === undefined) return;
    try {
      await this.#options.invoke(routes.$disconnect, `${stage}/$disconnect`, disconnectEvent(facts, code, reason));
    } catch (error) {
      this.#options.onLog(`the end of a connection could not be told: ${error}`);
    }
  }
}

interface Opening {
  readonly request: IncomingMessage;
  readonly tcp: TcpSocket;
  readonly head: Buffer;
  readonly facts: SocketFacts;
  readonly protocol: string | undefined;
}
