import type { ChatArchive, ChatChange, ChatJob, KeptChat } from '../../web/src/store/chat/chat-archive.ts';
import type { ChatContact } from '../../web/src/store/chat/chat-history.ts';
import type { ChatMessage } from '../../web/src/store/chat/chat-message.ts';

/** A browser's kept chats in maps, which outlive the page. */
export class FakeArchive implements ChatArchive {
  readonly #accounts = new Map<string, Kept>();

  async load(account: string): Promise<KeptChat> {
    const { messages, contacts, jobs, cursor } = this.#kept(account);
    return {
      messages: [...messages.values()],
      contacts: [...contacts.values()],
      jobs: [...jobs.values()],
      cursor,
    };
  }

  async save(account: string, change: ChatChange): Promise<void> {
    const kept = this.#kept(account);
    for (const key of change.removed ?? []) kept.messages.delete(key);
    for (const message of change.messages ?? []) kept.messages.set(message.key, message);
    for (const contact of change.contacts ?? []) kept.contacts.set(contact.contact, contact);
    for (const job of change.jobs ?? []) kept.jobs.set(job.id, job);
    for (const id of change.doneJobs ?? []) kept.jobs.delete(id);
    kept.cursor = change.cursor ?? kept.cursor;
  }

  async forget(account: string): Promise<void> {
    this.#accounts.delete(account);
  }

  #kept(account: string): Kept {
    const kept = this.#accounts.get(account) ?? emptyKept();
    this.#accounts.set(account, kept);
    return kept;
  }
}

interface Kept {
  readonly messages: Map<string, ChatMessage>;
  readonly contacts: Map<string, ChatContact>;
  readonly jobs: Map<number, ChatJob>;
  cursor: string | undefined;
}

const emptyKept = (): Kept => ({ messages: new Map(), contacts: new Map(), jobs: new Map(), cursor: undefined });
