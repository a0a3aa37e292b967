import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FromThread } from './echo-thread.ts';

/** The far ends of all calls, in a thread of their own, so that neither side of the load waits for the other. */
export class EchoPhones {
  readonly port: number;
  readonly #thread: Worker;
  readonly #waiting = new Map<string, (at: number) => void>();

  static async start(): Promise<EchoPhones> {
    const thread = new Worker(join(import.meta.dirname, 'echo-thread.ts'));
    const [{ port }] = await once(thread, 'message');
    return new EchoPhones(thread, Number(port));
  }

  private constructor(thread: Worker, port: number) {
    this.#thread = thread;
    this.port = port;
    thread.on('message', (message: FromThread) => {
      if (!('user' in message)) return;
      const key = `${message.user} ${message.what}`;
      this.#waiting.get(key)?.(message.at - performance.timeOrigin);
      this.#waiting.delete(key);
    });
  }

  /** When the INVITE for this user came in, and when the first RTP of its call did (performance.now). */
  expect(user: string): { invite: Promise<number>; media: Promise<number> } {
    return { invite: this.#first(user, 'invite'), media: this.#first(user, 'media') };
  }

  /** CPU time that the thread has used so far, in seconds. */
  async cpuSeconds(): Promise<number> {
    const answer = new Promise<number>((resolve) => {
      const listen = (message: FromThread) => {
        if (!('cpuSeconds' in message)) return;
        this.#thread.off('message', listen);
        resolve(message.cpuSeconds);
      };
      this.#thread.on('message', listen);
    });
    this.#thread.postMessage('cpu');
    return answer;
  }

  #first(user: string, what: 'invite' | 'media'): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(`${user} ${what}`, resolve));
  }
}
