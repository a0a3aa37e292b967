import { type ChatMessage, isBefore, isForPeople, keyOf, merge } from './chat-message.ts';

/** Who is written with. */
export interface ChatContact {
  /** As `contactOf` writes it. */
  readonly contact: string;
  /** As it is to be written to. */
  readonly uri: string;
  readonly displayName: string;
  /** The person has said that this stranger may write. */
  readonly isAccepted: boolean;
}

/** Messages of one account by conversation and time. It is the same whatever order they come in, and however often. */
export class ChatHistory {
  readonly #messages = new Map<string, ChatMessage>();
  readonly #threads = new Map<string, ChatMessage[]>();
  readonly #contacts = new Map<string, ChatContact>();

  get contacts(): readonly ChatContact[] {
    return [...this.#contacts.values()];
  }

  contact(contact: string): ChatContact | undefined {
    return this.#contacts.get(contact);
  }

  /** @returns the contact if that changes anything */
  meet(news: Pick<ChatContact, 'contact' | 'uri'> & Partial<ChatContact>): ChatContact | undefined {
    const known = this.#contacts.get(news.contact);
    const displayName = news.displayName || known?.displayName || '';
    const isAccepted = news.isAccepted ?? known?.isAccepted ?? false;
    if (known && known.displayName === displayName && known.isAccepted === isAccepted) return undefined;
    const contact = { contact: news.contact, uri: known?.uri ?? news.uri, displayName, isAccepted };
    this.#contacts.set(contact.contact, contact);
    return contact;
  }

  /** Oldest first; a new array whenever something has changed in it. */
  thread(contact: string): readonly ChatMessage[] {
    return this.#threads.get(contact) ?? [];
  }

  get(contact: string, id: string): ChatMessage | undefined {
    return this.#messages.get(keyOf(contact, id));
  }

  /** The outgoing message of this id; its receiver is not told with its state. */
  sent(id: string): ChatMessage | undefined {
    for (const contact of this.#threads.keys()) {
      const message = this.get(contact, id);
      if (message?.direction === 'outgoing') return message;
    }
    return undefined;
  }

  /** @returns the message as it is now, if that changes anything */
  put(news: ChatMessage): ChatMessage | undefined {
    if (!isForPeople(news.contentType)) return undefined;
    const known = this.#messages.get(news.key);
    const message = known ? merge(known, news) : news;
    if (message === known) return undefined;
    this.#place(message, known);
    return message;
  }

  /** Overrides what is known: for a message that failed and is tried again. */
  replace(message: ChatMessage): ChatMessage {
    this.#place(message, this.#messages.get(message.key));
    return message;
  }

  /** @returns the messages that were unread until now, up to a moment, as they are from now on */
  markRead(contact: string, until = Number.POSITIVE_INFINITY): readonly ChatMessage[] {
    const unread = this.thread(contact).filter(({ isUnread, at }) => isUnread && at <= until);
    return unread.map((message) => this.replace({ ...message, isUnread: false, wantsReceipt: false }));
  }

  /** @returns whether it was there */
  remove(contact: string, id: string): boolean {
    const key = keyOf(contact, id);
    if (!this.#messages.delete(key)) return false;
    this.#threads.set(
      contact,
      this.thread(contact).filter((message) => message.key !== key),
    );
    return true;
  }

  /** @returns what is gone: all up to a moment */
  removeThread(contact: string, until = Number.POSITIVE_INFINITY): readonly ChatMessage[] {
    const gone = this.thread(contact).filter(({ at }) => at <= until);
    for (const { key } of gone) this.#messages.delete(key);
    const rest = this.thread(contact).filter(({ at }) => at > until);
    if (rest.length > 0) this.#threads.set(contact, rest);
    else this.#threads.delete(contact);
    return gone;
  }

  #place(message: ChatMessage, known: ChatMessage | undefined): void {
    this.#messages.set(message.key, message);
    const thread = [...(this.#threads.get(message.contact) ?? [])];
    if (known) thread.splice(placeOf(thread, known), 1);
    thread.splice(placeOf(thread, message), 0, message);
    this.#threads.set(message.contact, thread);
  }

  /** Many at once, as they were kept: in time that grows with their number only. */
  load(messages: readonly ChatMessage[], contacts: readonly ChatContact[]): void {
    for (const contact of contacts) this.#contacts.set(contact.contact, contact);
    for (const message of messages) {
      this.#messages.set(message.key, message);
      const thread = this.#threads.get(message.contact);
      if (thread) thread.push(message);
      else this.#threads.set(message.contact, [message]);
    }
    for (const thread of this.#threads.values()) thread.sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }
}

/** Where it is, or belongs, by halving. */
function placeOf(thread: readonly ChatMessage[], message: ChatMessage): number {
  let [low, high] = [0, thread.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = thread[middle];
    if (one && isBefore(one, message)) low = middle + 1;
    else high = middle;
  }
  return low;
}
