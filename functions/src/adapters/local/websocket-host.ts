import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ConnectionId, connectionId } from '@sylk/protocol/ids.ts';
import { maxMessageBytes } from '@sylk/protocol/limits.ts';
import { type WebSocket, WebSocketServer } from 'ws';
import type { FrameSender } from '../../ports/frame-sender.ts';
import { type Delivery, exactDelivery, type HostLimits } from './host-limits.ts';
import { networkOf, remoteAddress } from './network-address.ts';
import type { OriginRule } from './origins.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { type ConnectionHandlers, WebSocketConnection } from './websocket-connection.ts';

const protocol = 'sylkRTC-2';

export interface HostHandlers extends Omit<ConnectionHandlers, 'opened'> {
  opened(connection: ConnectionId, network: string): Promise<void>;
  /** Whether calls could be served at all. */
  hasBackend(): Promise<boolean>;
  refused(status: number): void;
}

export interface HostOptions {
  readonly handlers: HostHandlers;
  readonly origins: OriginRule;
  readonly limits: HostLimits;
  /** A new, unguessable connection id. */
  newId(): string;
  /** Tests deliver as other platforms do. */
  readonly delivery?: Delivery;
}

/** The browsers' side of signaling on one machine, with the semantics of API Gateway's WebSocket API. */
export class WebSocketHost implements FrameSender {
  readonly #options: HostOptions;
  readonly #connections = new Map<ConnectionId, WebSocketConnection>();
  readonly #ending = new Set<Promise<void>>();
  readonly #perNetwork = new Map<string, number>();
  // Only upgrades that offer our sub-protocol come so far, hence the constant choice.
  readonly #server = new WebSocketServer({
    noServer: true,
    handleProtocols: () => protocol,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    // Connections answer themselves, but not without bound.
    autoPong: false,
    clientTracking: false,
  });

  constructor(options: HostOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Takes an HTTP upgrade request: decides first, as `$connect` does, and only then accepts. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const network = networkOf(remoteAddress(request));
    const refusal = await this.#refusal(request, network);
    if (refusal !== undefined) {
      this.#options.handlers.refused(refusal.status);
      return refuseUpgrade(socket, refusal.status, refusal.text);
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, network));
  }

  async post(connection: ConnectionId, frame: string): Promise<'sent' | 'gone'> {
    return this.#connections.get(connection)?.send(frame) ?? 'gone';
  }

  async close(connection: ConnectionId): Promise<void> {
    this.#connections.get(connection)?.terminate();
  }

  /** Says goodbye to all clients, and resolves when what belongs to their end is done. */
  async closeAll(): Promise<void> {
    for (const connection of this.#connections.values()) connection.close(1001, 'server is restarting');
    await Promise.all(this.#ending);
  }

  /** Drops those who have not said goodbye back. */
  terminate(): void {
    for (const connection of this.#connections.values()) connection.terminate();
  }

  async #refusal(
    { headers }: IncomingMessage,
    network: string,
  ): Promise<{ status: number; text?: string } | undefined> {
    const { origins, handlers, limits } = this.#options;
    if (!origins.isAllowed(headers.origin, headers.host)) return { status: 400, text: 'Origin is not allowed' };
    const offered = headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
    if (!offered?.includes(protocol)) return { status: 406, text: 'No compatible protocol specified' };
    if ((this.#perNetwork.get(network) ?? 0) >= limits.connectionsPerAddress) return { status: 429 };
    if (!(await handlers.hasBackend())) return { status: 503, text: 'Backend is not connected' };
    return undefined;
  }

  #accept(webSocket: WebSocket, network: string): void {
    const { handlers, limits, newId, delivery = exactDelivery } = this.#options;
    const id = connectionId(newId());
    const ofThis = { ...handlers, opened: (connection: ConnectionId) => handlers.opened(connection, network) };
    const connection = new WebSocketConnection(id, webSocket, ofThis, { ...limits, delivery });
    this.#connections.set(id, connection);
    this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1);
    const ending = connection.ended().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    webSocket.once('close', () => this.#forget(id, network));
  }

  #forget(id: ConnectionId, network: string): void {
    this.#connections.delete(id);
    const left = (this.#perNetwork.get(network) ?? 1) - 1;
    if (left > 0) this.#perNetwork.set(network, left);
    else this.#perNetwork.delete(network);
  }
}
