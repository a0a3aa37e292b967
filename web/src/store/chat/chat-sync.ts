import type { Account } from '../../client/account.ts';
import type { Message } from '../../client/message.ts';

export interface ChatSyncOptions {
  /** Entries of the journal, oldest first, and where the next ones begin. */
  took(entries: readonly Message[], cursor: string): void;
  changed(): void;
}

/**
 * Fetches what the gateway has stored since the last time, page by page until nothing more comes. A page that was lost
 * is asked for again with the next connection; one that comes twice changes nothing.
 */
export class ChatSync {
  cursor: string | undefined;
  readonly #options: ChatSyncOptions;
  #account: Account | undefined;
  #isRunning = false;

  constructor(options: ChatSyncOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  attach(account: Account): void {
    this.#account = account;
    account.on('syncConversations', (entries) => this.#took(entries));
    this.start();
  }

  start(): void {
    if (this.#account === undefined) return;
    this.#isRunning = true;
    this.#options.changed();
    this.#ask();
  }

  #ask(): void {
    this.#account?.syncConversations(this.cursor ?? null, (error) => {
      if (error !== null) this.#stop();
    });
  }

  #took(entries: readonly Message[]): void {
    const last = entries.at(-1);
    if (last === undefined || last.id === this.cursor) return this.#stop();
    this.cursor = last.id;
    this.#options.took(entries, last.id);
    this.#ask();
  }

  #stop(): void {
    this.#isRunning = false;
    this.#options.changed();
  }
}
