import { Worker } from 'node:worker_threads';
import type { Direction } from '../call/media.ts';
import type { Log } from '../ports/log.ts';
import type { InboundFlow, OutboundFlow, Relay, RelayEvent, RelayLeg, RelayStats, RemoteAddress } from '../ports/relay.ts';
import type { FromThread, ToThread } from './messages.ts';
import { PortPairs } from './port-pairs.ts';

export interface RelayOptions {
  /** UDP ports for the peers' side, both ends included. */
  readonly ports: { readonly first: number; readonly last: number };
  /** RTP silence that is told, in ms. */
  readonly silenceMs: number;
  readonly log: Log;
  /** How many threads share the legs; one carries several hundred. */
  readonly threads?: number;
  /** How long a port rests after its leg, in ms. */
  readonly portRestMs?: number;
}

/** Others may hold ports of our range: so many pairs are tried before a leg is refused. */
const maxPortTries = 20;
/** An answer that takes longer means that the thread is stuck. */
const answerMs = 5000;

/** Relay in threads of their own; a thread that ends is replaced, its legs are closed. */
export class ThreadedRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #ports: PortPairs;
  #threads: RelayThread[];
  #turn = 0;
  #isClosed = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#ports = new PortPairs(options.ports, options.portRestMs ?? 30_000);
    this.#threads = Array.from({ length: options.threads ?? 1 }, () => this.#start());
  }

  async open(options: { readonly address: string; readonly latch: boolean }): Promise<RelayLeg> {
    const thread = this.#threads[this.#turn++ % this.#threads.length];
    if (this.#isClosed || thread === undefined) throw new Error('media relay is closed');
    for (let tries = 0; tries < maxPortTries; tries += 1) {
      const port = this.#ports.take(performance.now());
      if (port === undefined) throw new Error(`all rtp ports from ${this.#options.ports.first} to ${this.#options.ports.last} are in use`);
      const release = (): void => this.#ports.giveBack(port, performance.now());
      const opened = await thread.open({ ...options, port, silenceMs: this.#options.silenceMs }, release);
      if (typeof opened !== 'string') return opened;
      release();
      if (opened !== 'EADDRINUSE') throw new Error(`cannot open rtp port ${port} on ${options.address}: ${opened}`);
    }
    throw new Error(`no free rtp port found on ${options.address} in ${maxPortTries} tries`);
  }

  close(): void {
    this.#isClosed = true;
    for (const thread of this.#threads) thread.close();
  }

  #start(): RelayThread {
    const thread = new RelayThread(this.#options.log, () => {
      if (this.#isClosed) return;
      this.#threads = this.#threads.map((item) => (item === thread ? this.#start() : item));
    });
    return thread;
  }
}

/** One thread, and the legs on it. */
class RelayThread {
  readonly #worker = new Worker(new URL('./relay-thread.ts', import.meta.url));
  readonly #log: Log;
  readonly #legs = new Map<number, ThreadLeg>();
  readonly #opening = new Map<number, (answer: FromThread) => void>();
  #nextLeg = 1;
  #isClosed = false;

  constructor(log: Log, onEnded: () => void) {
    this.#log = log;
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'media relay failed'));
    this.#worker.on('exit', () => {
      for (const leg of [...this.#legs.values()]) leg.ended('media relay died');
      for (const [leg, answer] of this.#opening) answer({ kind: 'refused', leg, code: 'media relay died' });
      onEnded();
    });
  }

  /** @returns the leg, or why its sockets could not be opened */
  async open(options: { address: string; latch: boolean; port: number; silenceMs: number }, onClosed: () => void): Promise<ThreadLeg | string> {
    const leg = this.#nextLeg++;
    const answer = await new Promise<FromThread>((resolve) => {
      const timer = setTimeout(() => resolve({ kind: 'refused', leg, code: 'no answer of the media relay' }), answerMs);
      this.#opening.set(leg, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      this.#tell({ kind: 'open', leg, ...options });
    });
    this.#opening.delete(leg);
    if (answer.kind !== 'opened') return answer.kind === 'refused' ? answer.code : answer.kind;
    const opened = new ThreadLeg(leg, options.port, answer.insidePort, (message) => this.#tell(message), () => {
      this.#legs.delete(leg);
      onClosed();
    });
    this.#legs.set(leg, opened);
    return opened;
  }

  close(): void {
    this.#isClosed = true;
    void this.#worker.terminate();
  }

  #tell(message: ToThread): void {
    if (!this.#isClosed) this.#worker.postMessage(message);
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'opened': case 'refused': return this.#opening.get(message.leg)?.(message);
      case 'event': return this.#legs.get(message.leg)?.hear(message.event);
      case 'stats': return this.#legs.get(message.leg)?.answered(message.id, message.stats);
      case 'fault': return this.#log.error({ error: message.text }, 'media relay met a fault');
      default: return message satisfies never;
    }
  }
}

/** The main thread's end of a leg. */
class ThreadLeg implements RelayLeg {
  readonly port: number;
  readonly insidePort: number;
  readonly #leg: number;
  readonly #tell: (message: ToThread) => void;
  readonly #onClosed: () => void;
  readonly #asked = new Map<number, (stats: RelayStats) => void>();
  #lastStats: RelayStats = noStats;
  #nextId = 1;
  #listener: (event: RelayEvent) => void = () => undefined;
  #isClosed = false;

  constructor(leg: number, port: number, insidePort: number, tell: (message: ToThread) => void, onClosed: () => void) {
    this.#leg = leg;
    this.port = port;
    this.insidePort = insidePort;
    this.#tell = tell;
    this.#onClosed = onClosed;
  }

  setInside(port: number): void {
    this.#tell({ kind: 'inside', leg: this.#leg, port });
  }

  setRemote(remote: RemoteAddress): void {
    this.#tell({ kind: 'remote', leg: this.#leg, remote });
  }

  setInbound(flow: InboundFlow): void {
    this.#tell({ kind: 'inbound', leg: this.#leg, flow });
  }

  setOutbound(flow: OutboundFlow): void {
    this.#tell({ kind: 'outbound', leg: this.#leg, flow });
  }

  setDirection(direction: Direction): void {
    this.#tell({ kind: 'direction', leg: this.#leg, direction });
  }

  sendDtmf(digit: string, durationMs: number): void {
    this.#tell({ kind: 'dtmf', leg: this.#leg, digit, durationMs });
  }

  /** The last known numbers once the leg is closed. */
  async stats(): Promise<RelayStats> {
    if (this.#isClosed) return this.#lastStats;
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#tell({ kind: 'stats', leg: this.#leg, id });
    });
  }

  listen(listener: (event: RelayEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#tell({ kind: 'close', leg: this.#leg });
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
    this.#onClosed();
  }
}

const noStats: RelayStats = {
  packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0, packetsLost: 0, malformed: 0, unexpected: 0, strangers: 0, unreachable: 0,
};
