import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Order } from './generator.ts';

/** The other process, and its one question at a time. */
export class LoadGenerator {
  readonly #process: ChildProcess;
  readonly ready: Promise<unknown>;

  constructor(access: unknown) {
    this.#process = fork(join(import.meta.dirname, 'generator.ts'), [JSON.stringify(access)]);
    this.ready = this.#answer<unknown>();
  }

  order<Result>(order: Order): Promise<Result> {
    this.#process.send(order);
    return this.#answer<Result>();
  }

  stop(): void {
    if (this.#process.connected) this.#process.disconnect();
  }

  #answer<Result>(): Promise<Result> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null) => reject(new Error(`the load generator ended with ${code}`));
      this.#process.once('exit', gone);
      this.#process.once('message', (message: { ok: Result } | { error: string }) => {
        this.#process.off('exit', gone);
        if ('error' in message) reject(new Error(message.error));
        else resolve(message.ok);
      });
    });
  }
}
