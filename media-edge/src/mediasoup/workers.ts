import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import { createWorker } from 'mediasoup';
import type { Log } from '../ports/log.ts';
import { listenInfos } from './listen-addresses.ts';

export interface WorkersOptions {
  /** Path of the worker program. */
  readonly workerBin: string;
  readonly count: number;
  /** The first worker meets browsers on this port, the next one on the port above. UDP and TCP. */
  readonly firstPort: number;
  readonly publicAddress?: string;
  readonly log: Log;
}

/** One media process, and the port on which it meets browsers. */
export interface MediaWorker {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  readonly port: number;
}

/** Of a core: from here on new calls go to another worker, while there is one. */
const fullLoad = 0.5;
/** How often the load is looked at; a lease is renewed as often. */
const loadIntervalMs = 3000;
/** How long a new call waits for a worker while none runs. */
const replacementMs = 3000;
/** Between two tries to replace a worker that does not start, or to bind an address that is not there. */
const retryMs = 500;
/** Enough for the system to have tried out a new IPv6 address. */
const maxListenTries = 6;

/** The media processes: as many as asked for, each replaced when it dies. */
export class Workers {
  readonly #options: WorkersOptions;
  readonly #running = new Map<number, MediaWorker>();
  readonly #loads = new Map<types.Worker, { cpuMs: number; atMs: number; load: number }>();
  readonly #timer: NodeJS.Timeout;
  #isClosed = false;

  static async start(options: WorkersOptions): Promise<Workers> {
    const workers = new Workers(options);
    const ports = Array.from({ length: options.count }, (_, index) => options.firstPort + index);
    try {
      await Promise.all(ports.map((port) => workers.#start(port)));
    } catch (error) {
      workers.close();
      throw error;
    }
    return workers;
  }

  private constructor(options: WorkersOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#measure(), loadIntervalMs);
    this.#timer.unref();
  }

  /**
   * The busiest worker that is not full: packets of many calls in one process cost a quarter less than in several,
   * which wake up more often. When all are full, the least busy. When all have died, waits for the first replacement.
   *
   * @throws Error when none runs within `replacementMs`
   */
  async pick(): Promise<MediaWorker> {
    const until = performance.now() + replacementMs;
    while (this.#running.size === 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const byLoad = [...this.#running.values()].sort((one, other) => this.#loadOf(other) - this.#loadOf(one));
    const chosen = byLoad.find((item) => this.#loadOf(item) < fullLoad) ?? byLoad.at(-1);
    if (chosen === undefined) throw new Error('no media worker is running');
    return chosen;
  }

  /** 0..1 of a core, the busiest one. */
  cpuLoad(): number {
    return Math.max(0, ...[...this.#running.values()].map((item) => this.#loadOf(item)));
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const { worker } of this.#running.values()) worker.close();
    this.#running.clear();
  }

  async #start(port: number): Promise<void> {
    const { workerBin, log } = this.#options;
    const worker = await withoutSignals(() => createWorker({ workerBin, logLevel: 'warn' }));
    worker.on('died', (error) => {
      log.error({ pid: worker.pid, port, error: error.message }, 'media worker died');
      this.#running.delete(port);
      this.#loads.delete(worker);
      void this.#replace(port);
    });
    try {
      const server = await this.#listen(worker, port);
      if (this.#isClosed) return worker.close();
      this.#running.set(port, { worker, server, port });
      log.info({ pid: worker.pid, port }, 'media worker runs');
    } catch (error) {
      worker.close();
      throw new Error(`media worker cannot listen on port ${port}: ${messageOf(error)}`, { cause: error });
    }
  }

  /** An address may go, or be tried out by the system (RFC 4862 s. 5.4), while it is bound: then those of now are taken. */
  async #listen(worker: types.Worker, port: number): Promise<types.WebRtcServer> {
    for (let tries = 1; ; tries += 1) {
      try {
        const infos = listenInfos(networkInterfaces(), port, this.#options.publicAddress);
        return await worker.createWebRtcServer({ listenInfos: infos });
      } catch (error) {
        if (tries === maxListenTries || !/address not available/.test(messageOf(error))) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  /** Until it succeeds: without a worker there are no calls. */
  async #replace(port: number): Promise<void> {
    while (!this.#isClosed) {
      try {
        return await this.#start(port);
      } catch (error) {
        this.#options.log.error({ port, error: messageOf(error) }, 'media worker did not start, it is tried again');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  #loadOf({ worker }: MediaWorker): number {
    return this.#loads.get(worker)?.load ?? 0;
  }

  async #measure(): Promise<void> {
    await Promise.all(
      [...this.#running.values()].map(async ({ worker }) => {
        try {
          this.#note(worker, await worker.getResourceUsage());
        } catch (error) {
          this.#options.log.debug({ error: messageOf(error) }, 'media worker did not tell its load');
        }
      }),
    );
  }

  #note(worker: types.Worker, usage: types.WorkerResourceUsage): void {
    const cpuMs = usage.ru_utime + usage.ru_stime;
    const atMs = performance.now();
    const before = this.#loads.get(worker);
    const load = before === undefined ? 0 : Math.min(1, (cpuMs - before.cpuMs) / (atMs - before.atMs));
    this.#loads.set(worker, { cpuMs, atMs, load });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const signals = ['SIGTERM', 'SIGINT'] as const;

/** The library closes its workers on a signal. When calls end, with them or after them, is for the edge to decide. */
async function withoutSignals<Value>(work: () => Promise<Value>): Promise<Value> {
  const before = signals.map((signal) => process.listeners(signal));
  const value = await work();
  for (const [index, signal] of signals.entries()) {
    for (const listener of process.listeners(signal)) {
      if (!before[index]?.includes(listener)) process.removeListener(signal, listener);
    }
  }
  return value;
}
