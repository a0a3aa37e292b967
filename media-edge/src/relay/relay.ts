import type { Log } from '../ports/log.ts';
import type { Relay, RelayLeg, RelayOpening } from '../ports/relay.ts';
import { LegThread } from './leg-thread.ts';
import { PortPairs } from './port-pairs.ts';

export interface RelayOptions {
  /** UDP ports for the peers' side, both ends included. */
  readonly ports: { readonly first: number; readonly last: number };
  /** RTP silence that is told, in ms. */
  readonly silenceMs: number;
  readonly log: Log;
  /** Path of the built `native/udp-batch.c`, where there is one. */
  readonly udpBatch?: string;
  /** How many threads share the legs; one carries several hundred. */
  readonly threads?: number;
  /** How long a port rests after its leg, in ms. */
  readonly portRestMs?: number;
}

/** Others may hold ports of our range: so many pairs are tried before a leg is refused. */
const maxPortTries = 20;
/** Between two tries to replace a thread that does not stay. */
const restartPauseMs = 1000;

/** Relay in threads of their own; a thread that ends is replaced, its legs are closed. */
export class ThreadedRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #ports: PortPairs;
  #threads: LegThread[];
  #turn = 0;
  #isClosed = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#ports = new PortPairs(options.ports, options.portRestMs ?? 30_000);
    this.#threads = Array.from({ length: options.threads ?? 1 }, () => this.#start());
  }

  async open(options: RelayOpening): Promise<RelayLeg> {
    const thread = this.#threads[this.#turn++ % this.#threads.length];
    if (this.#isClosed || thread === undefined) throw new Error('media relay is closed');
    for (let tries = 0; tries < maxPortTries; tries += 1) {
      const port = this.#ports.take(performance.now());
      if (port === undefined)
        throw new Error(`all rtp ports from ${this.#options.ports.first} to ${this.#options.ports.last} are in use`);
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

  #start(): LegThread {
    const startedMs = performance.now();
    const thread = new LegThread(this.#options.udpBatch, this.#options.log, () => {
      if (this.#isClosed) return;
      const replace = (): void => {
        this.#threads = this.#threads.map((item) => (item === thread ? this.#start() : item));
      };
      // One that ends as soon as it starts would do so again at once.
      const isEarly = performance.now() - startedMs < restartPauseMs;
      setTimeout(replace, isEarly ? restartPauseMs : 0).unref();
    });
    return thread;
  }
}
