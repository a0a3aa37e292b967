import type { Direction } from '../call/media.ts';
import type {
  InboundFlow,
  OutboundFlow,
  RelayEvent,
  RelayLeg,
  RelayStats,
  RemoteAddress,
  Security,
} from '../ports/relay.ts';
import type { ToThread } from './messages.ts';

export interface ThreadLegParts {
  /** Number of the leg in its thread. */
  readonly leg: number;
  readonly port: number;
  readonly insidePort: number;
  tell(message: ToThread): void;
  onClosed(): void;
}

/** The main thread's end of a leg. */
export class ThreadLeg implements RelayLeg {
  readonly port: number;
  readonly insidePort: number;
  readonly #parts: ThreadLegParts;
  readonly #asked = new Map<number, (stats: RelayStats) => void>();
  #lastStats: RelayStats = noStats;
  #nextId = 1;
  #listener: (event: RelayEvent) => void = () => undefined;
  #isClosed = false;

  constructor(parts: ThreadLegParts) {
    this.#parts = parts;
    this.port = parts.port;
    this.insidePort = parts.insidePort;
  }

  setInside(port: number): void {
    this.#parts.tell({ kind: 'inside', leg: this.#parts.leg, port });
  }

  setRemote(remote: RemoteAddress): void {
    this.#parts.tell({ kind: 'remote', leg: this.#parts.leg, remote });
  }

  setInbound(flow: InboundFlow): void {
    this.#parts.tell({ kind: 'inbound', leg: this.#parts.leg, flow });
  }

  setOutbound(flow: OutboundFlow): void {
    this.#parts.tell({ kind: 'outbound', leg: this.#parts.leg, flow });
  }

  setDirection(direction: Direction): void {
    this.#parts.tell({ kind: 'direction', leg: this.#parts.leg, direction });
  }

  setSecurity(security: Security | undefined): void {
    this.#parts.tell({ kind: 'security', leg: this.#parts.leg, security });
  }

  sendDtmf(digit: string, durationMs: number): void {
    this.#parts.tell({ kind: 'dtmf', leg: this.#parts.leg, digit, durationMs });
  }

  /** The last known numbers once the leg is closed. */
  async stats(): Promise<RelayStats> {
    if (this.#isClosed) return this.#lastStats;
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#parts.tell({ kind: 'stats', leg: this.#parts.leg, id });
    });
  }

  listen(listener: (event: RelayEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#parts.tell({ kind: 'close', leg: this.#parts.leg });
    this.#finish();
  }

  hear(event: RelayEvent): void {
    this.#listener(event);
  }

  answered(id: number, stats: RelayStats): void {
    this.#lastStats = stats;
    this.#asked.get(id)?.(stats);
    this.#asked.delete(id);
  }

  /** The thread is gone. */
  ended(reason: string): void {
    if (this.#isClosed) return;
    this.#finish();
    this.#listener({ kind: 'closed', reason });
  }

  #finish(): void {
    this.#isClosed = true;
    for (const resolve of this.#asked.values()) resolve(this.#lastStats);
    this.#asked.clear();
    this.#parts.onClosed();
  }
}

const noStats: RelayStats = {
  packetsIn: 0,
  packetsOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  packetsLost: 0,
  malformed: 0,
  unexpected: 0,
  strangers: 0,
  unreachable: 0,
};
