import { uuid } from './identifiers.ts';
import type { Reply } from './pending-requests.ts';
import type { ClientRequest } from './wire.ts';

/** What the queue needs of the account that it belongs to. */
export interface QueueHost {
  /** Whether a request would be carried out now. */
  canSend(): boolean;
  send(request: ClientRequest, transaction: string): Promise<Reply>;
}

interface Waiting {
  readonly request: ClientRequest;
  /** The same for each attempt, so that the gateway knows a repeated request. */
  readonly transaction: string;
  readonly settle: (reply: Reply) => void;
}

/**
 * Requests that must arrive, each once and in their order, over lost sockets and while there is none. One is under way
 * at a time: two frames of one connection may overtake each other on their way into the cloud.
 */
export class RequestQueue {
  readonly #host: QueueHost;
  readonly #waiting: Waiting[] = [];
  #isSending = false;

  constructor(host: QueueHost) {
    this.#host = host;
  }

  /** @returns how the gateway answered; lost only when the queue was closed before */
  add(request: ClientRequest): Promise<Reply> {
    return new Promise((settle) => {
      this.#waiting.push({ request, transaction: uuid(), settle });
      this.flush();
    });
  }

  /** Something may have changed: sends what waits. */
  flush(): void {
    if (!this.#isSending) void this.#sendAll();
  }

  close(): void {
    for (const { settle } of this.#waiting.splice(0)) settle(closed);
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    for (let first = this.#waiting[0]; first !== undefined && this.#host.canSend(); first = this.#waiting[0]) {
      const reply = await this.#host.send(first.request, first.transaction);
      // Closed meanwhile, or the socket was lost: then nobody knows whether it arrived, and it is sent again.
      if (this.#waiting[0] !== first || (!reply.ok && reply.isLost)) continue;
      this.#waiting.shift();
      first.settle(reply);
    }
    this.#isSending = false;
  }
}

const closed: Reply = { ok: false, error: 'Connection closed', isLost: true };
