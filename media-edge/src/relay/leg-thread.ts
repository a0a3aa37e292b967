import { createSocket, type Socket } from 'node:dgram';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../ports/log.ts';
import type { RelayOpening } from '../ports/relay.ts';
import type { FromThread, ToThread } from './messages.ts';
import { ThreadLeg } from './thread-leg.ts';

/** An answer that takes longer means that the thread is stuck. */
const answerMs = 5000;

export interface OpenLeg extends RelayOpening {
  readonly port: number;
  readonly silenceMs: number;
}

/** One relay thread, and the legs on it. */
export class LegThread {
  readonly #worker: Worker;
  readonly #log: Log;
  #bell: Socket | undefined;
  readonly #legs = new Map<number, ThreadLeg>();
  readonly #opening = new Map<number, (answer: FromThread) => void>();
  #nextLeg = 1;
  #isClosed = false;

  /**
   * @param library the built `native/udp-batch.c`; without it the sockets of the runtime do, at more than twice the cost
   * @param onEnded the thread has ended; its legs have been told
   */
  constructor(library: string | undefined, log: Log, onEnded: () => void) {
    this.#log = log;
    this.#worker = new Worker(new URL(`./relay-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: library,
    });
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => log.error({ error: String(error) }, 'media relay failed'));
    this.#worker.on('exit', () => {
      this.#dropBell();
      if (!this.#isClosed) this.#endLegs();
      onEnded();
    });
  }

  /**
   * @param onClosed the leg is closed and its port free
   * @returns the leg, or why its sockets could not be opened (`EADDRINUSE`)
   */
  async open(options: OpenLeg, onClosed: () => void): Promise<ThreadLeg | string> {
    const leg = this.#nextLeg++;
    const answer = await this.#ask(leg, options);
    if (answer.kind !== 'opened') return answer.kind === 'refused' ? answer.code : answer.kind;
    const opened = new ThreadLeg({
      leg,
      port: options.port,
      insidePort: answer.insidePort,
      tell: (message) => this.#tell(message),
      onClosed: () => {
        this.#legs.delete(leg);
        onClosed();
      },
    });
    this.#legs.set(leg, opened);
    return opened;
  }

  close(): void {
    this.#isClosed = true;
    this.#dropBell();
    void this.#worker.terminate();
  }

  async #ask(leg: number, options: OpenLeg): Promise<FromThread> {
    const answer = await new Promise<FromThread>((resolve) => {
      const timer = setTimeout(() => resolve({ kind: 'refused', leg, code: 'no answer of the media relay' }), answerMs);
      this.#opening.set(leg, (message) => {
        clearTimeout(timer);
        resolve(message);
      });
      this.#tell({ kind: 'open', leg, ...options });
    });
    this.#opening.delete(leg);
    return answer;
  }

  #endLegs(): void {
    for (const leg of [...this.#legs.values()]) leg.ended('media relay died');
    for (const [leg, answer] of this.#opening) answer({ kind: 'refused', leg, code: 'media relay died' });
  }

  #tell(message: ToThread): void {
    if (this.#isClosed) return;
    this.#worker.postMessage(message);
    this.#bell?.send('!');
  }

  #dropBell(): void {
    this.#bell?.close();
    this.#bell = undefined;
  }

  #hearReady(bellPort: number | undefined): void {
    if (bellPort === undefined || this.#isClosed) return;
    const bell = createSocket('udp4').unref();
    // Nothing listens there once the thread has ended, which is told by itself.
    bell.on('error', () => this.#log.debug({ bellPort }, 'the relay thread does not hear its bell'));
    bell.connect(bellPort, '127.0.0.1', () => {
      if (this.#isClosed) return bell.close();
      this.#bell = bell;
      bell.send('!');
    });
  }

  #hear(message: FromThread): void {
    switch (message.kind) {
      case 'ready':
        return this.#hearReady(message.bellPort);
      case 'opened':
      case 'refused':
        return this.#hearOpened(message);
      case 'event':
        return this.#legs.get(message.leg)?.hear(message.event);
      case 'stats':
        return this.#legs.get(message.leg)?.answered(message.id, message.stats);
      case 'fault':
        return this.#log.error({ error: message.text }, 'media relay met a fault');
      default:
        return message satisfies never;
    }
  }

  /** Nobody waits for an answer that comes too late: what it opened is closed again. */
  #hearOpened(message: Extract<FromThread, { kind: 'opened' | 'refused' }>): void {
    const waiting = this.#opening.get(message.leg);
    if (waiting !== undefined) return waiting(message);
    if (message.kind === 'opened') this.#tell({ kind: 'close', leg: message.leg });
  }
}
