import { uuid } from './identifiers.ts';
import type { Link } from './link.ts';
import type { ClientRequest } from './wire.ts';

/** How a request ended. `isLost`: its socket went before an answer came, nobody knows whether it was carried out. */
export type Reply = { readonly ok: true } | { readonly ok: false; readonly error: string; readonly isLost?: true };

/** Requests that wait for their `ack` or `error`, found again by transaction. */
export class PendingRequests {
  readonly #waiting = new Map<string, { readonly link: Link; readonly settle: (reply: Reply) => void }>();

  /** Sends it; with the transaction of an earlier one it takes that one's place. */
  send(link: Link, request: ClientRequest, transaction = uuid()): Promise<Reply> {
    this.settle(transaction, lost);
    if (!link.isOpen) return Promise.resolve(lost);
    return new Promise((settle) => {
      this.#waiting.set(transaction, { link, settle });
      link.send({ ...request, transaction });
    });
  }

  settle(transaction: string, reply: Reply): void {
    const waiting = this.#waiting.get(transaction);
    this.#waiting.delete(transaction);
    waiting?.settle(reply);
  }

  /** What was sent on this socket will not be answered any more. */
  lose(link: Link): void {
    for (const [transaction, waiting] of [...this.#waiting]) if (waiting.link === link) this.settle(transaction, lost);
  }
}

const lost: Reply = { ok: false, error: 'Connection closed', isLost: true };

/** The answer to what could not even be sent. */
export const notReady: Reply = { ok: false, error: 'Connection is not ready', isLost: true };

/** As callbacks of applications get it. */
export const errorOf = (reply: Reply): Error | null => (reply.ok ? null : new Error(reply.error));
