import type { ConnectionId } from '@sylk/protocol/ids.ts';
import { maxWaitingPosts } from '@sylk/protocol/limits.ts';

export type Delivery = 'sent' | 'gone';

interface Waiting {
  readonly frame: Frame;
  readonly settle: (delivery: Delivery) => void;
}

/** Something for a browser, and the life of the edge that has it to say. */
export interface Frame {
  readonly text: string;
  readonly generation: number;
}

/** Frames to browsers: one on its way for each connection, so they arrive in their order. */
export class Poster {
  readonly #queues = new Map<ConnectionId, Waiting[]>();
  readonly #send: (connection: ConnectionId, frame: Frame) => Promise<Delivery>;

  /** @param send hands one frame over and says what became of it; rejects when that cannot be known */
  constructor(send: (connection: ConnectionId, frame: Frame) => Promise<Delivery>) {
    this.#send = send;
  }

  /** Frames that are not handed over yet. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  /** Never rejects: a connection that cannot be reached, or for which too much waits, is as good as gone. */
  post(connection: ConnectionId, frame: Frame): Promise<Delivery> {
    const queue = this.#queues.get(connection) ?? [];
    if (queue.length >= maxWaitingPosts) return Promise.resolve('gone');
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    queue.push({ frame, settle: resolve });
    if (queue.length === 1) void this.#work(connection, queue);
    return promise;
  }

  async #work(connection: ConnectionId, queue: Waiting[]): Promise<void> {
    this.#queues.set(connection, queue);
    for (let first = queue[0]; first; first = queue[0]) {
      const delivery = await this.#deliver(connection, first.frame);
      const settled = delivery === 'gone' ? queue.splice(0) : queue.splice(0, 1);
      for (const { settle } of settled) settle(delivery);
    }
    this.#queues.delete(connection);
  }

  async #deliver(connection: ConnectionId, frame: Frame): Promise<Delivery> {
    try {
      return await this.#send(connection, frame);
    } catch {
      // Whether it arrived is not known; a client that is still there resumes and gets what it missed.
      return 'gone';
    }
  }
}
