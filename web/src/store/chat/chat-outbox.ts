import type { Account } from '../../client/account.ts';
import { Identity } from '../../client/identity.ts';
import type { ChatArchive, ChatJob } from './chat-archive.ts';
import type { ChatHistory } from './chat-history.ts';
import { contactOf } from './chat-message.ts';

/** A job before it has its number. */
export type NewChatJob = ChatJob extends infer Job ? (Job extends unknown ? Omit<Job, 'id'> : never) : never;

export interface ChatOutboxOptions {
  readonly address: string;
  readonly archive: ChatArchive;
  readonly history: ChatHistory;
  now(): number;
  isBlocked(contact: string): boolean;
}

/**
 * What the gateway has to be told, kept until it has answered: over lost sockets by the library, over reloads by this.
 * A job that was done but not crossed off is done again, which changes nothing: messages have ids.
 */
export class ChatOutbox {
  readonly #options: ChatOutboxOptions;
  #account: Account | undefined;
  #jobs: ChatJob[] = [];
  #lastId = 0;

  constructor(options: ChatOutboxOptions) {
    this.#options = options;
  }

  /** What an earlier page has left undone. */
  load(jobs: readonly ChatJob[]): void {
    this.#jobs = [...jobs, ...this.#jobs].sort((one, other) => one.id - other.id);
    if (this.#account) for (const job of jobs) this.#perform(job, this.#account);
  }

  /** The account is there: what waits is handed to it. */
  attach(account: Account): void {
    this.#account = account;
    for (const job of this.#jobs) this.#perform(job, account);
  }

  /** @returns the job, to be kept */
  add(job: NewChatJob): ChatJob {
    const numbered = { ...job, id: this.#nextId() };
    this.#jobs.push(numbered);
    if (this.#account) this.#perform(numbered, this.#account);
    return numbered;
  }

  /** Numbers rise also over reloads and between tabs that are not at it in the same millisecond. */
  #nextId(): number {
    this.#lastId = Math.max(this.#lastId + 1, this.#options.now() * 1_000);
    return this.#lastId;
  }

  #perform(job: ChatJob, account: Account): void {
    const done = (error: Error | null) => this.#done(job, error);
    switch (job.kind) {
      case 'send':
        return this.#send(job, account);
      case 'delivered':
      case 'displayed':
        return account.sendDispositionNotification(job.contact, job.message, new Date(job.at), job.kind, done);
      case 'read':
        return account.markConversationRead(job.contact, done);
      case 'remove': {
        const [id = '', ...chunkIds] = job.messages;
        const chunks = chunkIds.length > 0 ? job.messages : [];
        return account.removeMessage(
          { id, chunkIds: chunks, sender: account.identity, receiver: new Identity(job.contact) },
          done,
        );
      }
      case 'remove-conversation':
        return account.removeConversation(job.contact, done);
      case 'allow':
        // Who was blocked since must not be let in again by what was said before.
        return this.#options.isBlocked(job.contact) ? done(null) : account.allow(job.contact, done);
    }
  }

  /** The text is in the history; one that was removed before it could leave never leaves. */
  #send(job: Extract<ChatJob, { message: string }>, account: Account): void {
    const { contact, message: id, at } = job;
    const message = this.#options.history.get(contactOf(contact), id);
    if (message === undefined) return this.#done(job, null);
    const options = { id, timestamp: new Date(at) };
    account.sendMessage(contact, message.content, message.contentType, options, (error) => this.#done(job, error));
  }

  /** Refused is done as well: who wrote it has been told, and asking again would not help. */
  #done(job: ChatJob, error: Error | null): void {
    if (error?.message === 'Connection closed') return;
    this.#jobs = this.#jobs.filter(({ id }) => id !== job.id);
    void this.#options.archive.save(this.#options.address, { doneJobs: [job.id] });
  }
}
