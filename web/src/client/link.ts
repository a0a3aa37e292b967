import { parseServerMessage } from '@sylk/protocol/sylkrtc/parse-server-message.ts';
import type { Socket } from './environment.ts';
import type { ClientRequest, ServerMessage } from './wire.ts';

export interface LinkListener {
  opened(link: Link): void;
  received(link: Link, message: ServerMessage): void;
  /** Once, whoever ended it. */
  lost(link: Link): void;
}

/** One socket to the gateway, from its making to its end; after that nothing of it is heard any more. */
export class Link {
  readonly #socket: Socket;
  readonly #listener: LinkListener;
  #state: 'opening' | 'open' | 'over' = 'opening';

  constructor(socket: Socket, listener: LinkListener) {
    this.#socket = socket;
    this.#listener = listener;
    socket.addEventListener('open', () => this.#open());
    socket.addEventListener('message', (event) => this.#receive(event.data));
    socket.addEventListener('close', () => this.#end());
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(request: ClientRequest & { readonly transaction: string }): void {
    if (this.#state === 'open') this.#socket.send(JSON.stringify(request));
  }

  /** Ends it. A socket on a dead network would take minutes to notice, so its own `close` is not waited for. */
  close(): void {
    if (this.#state === 'over') return;
    this.#socket.close(1000);
    this.#end();
  }

  #open(): void {
    if (this.#state !== 'opening') return;
    this.#state = 'open';
    this.#listener.opened(this);
  }

  #receive(data: unknown): void {
    if (this.#state !== 'open' || typeof data !== 'string') return;
    const message = parseServerMessage(data);
    if (message !== undefined) this.#listener.received(this, message);
  }

  #end(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#listener.lost(this);
  }
}
