import type { Account } from '../../client/account.ts';
import type { Clock } from '../../client/clock.ts';
import { AccountChat } from './account-chat.ts';
import type { ChatArchive } from './chat-archive.ts';
import { type ChatMessage, contactOf } from './chat-message.ts';
import type { ArrivedMessage, ChatSnapshot, Conversation, FoundMessage, Thread } from './chat-snapshot.ts';
import { plainText } from './plain-text.ts';

export interface ChatDeskOptions {
  readonly archive: ChatArchive;
  readonly clock: Clock;
  isBlocked(uri: string): boolean;
  /** Whether this person was called from here: then the other side is no stranger. */
  wasCalled(uri: string): boolean;
  publish(chat: ChatSnapshot): void;
}

/** All conversations of this browser, of every own address that can still be written to. */
export class ChatDesk {
  readonly #options: ChatDeskOptions;
  readonly #chats = new Map<string, AccountChat>();
  readonly #accounts = new Map<string, Account>();
  #open: { readonly chat: AccountChat; readonly contact: string; readonly firstUnread: string | undefined } | undefined;
  #arrived: ArrivedMessage | undefined;
  #isDue = false;
  #isClosed = false;

  constructor(options: ChatDeskOptions) {
    this.#options = options;
  }

  /**
   * The own addresses are these, the one that is shown first. What was kept for others is forgotten: who signs out leaves
   * nothing behind.
   */
  use(addresses: readonly string[]): void {
    for (const [address, chat] of this.#chats) if (!addresses.includes(address)) this.#forget(address, chat);
    for (const address of addresses) if (!this.#chats.has(address)) this.#chats.set(address, this.#start(address));
    this.#changed();
  }

  attach(account: Account): void {
    this.#accounts.set(account.id, account);
    this.#chats.get(account.id)?.attach(account);
  }

  /** There is a connection again. */
  synchronise(): void {
    for (const chat of this.#chats.values()) chat.synchronise();
  }

  /** @returns whether there is an address to write from */
  openChat(uri: string): boolean {
    const [chat] = this.#chats.values();
    if (chat === undefined) return false;
    this.#show(chat, chat.meet(uri));
    return true;
  }

  openConversation(id: string): void {
    this.#at(id, (chat, contact) => this.#show(chat, contact));
  }

  closeConversation(): void {
    this.#open = undefined;
    this.#changed();
  }

  send(id: string, text: string): void {
    this.#at(id, (chat, contact) => {
      chat.accept(contact);
      chat.send(contact, text);
    });
  }

  typed(id: string, isEmpty: boolean): void {
    this.#at(id, (chat, contact) => chat.typed(contact, isEmpty));
  }

  retry(id: string, message: string): void {
    this.#at(id, (chat, contact) => chat.retry(contact, message));
  }

  seen(id: string): void {
    this.#at(id, (chat, contact) => chat.read(contact, !this.#isRequest(chat, contact)));
  }

  remove(id: string, message: string): void {
    this.#at(id, (chat, contact) => chat.remove(contact, message));
  }

  removeConversation(id: string): void {
    this.#at(id, (chat, contact) => {
      if (this.#open?.chat === chat && this.#open.contact === contact) this.#open = undefined;
      chat.removeConversation(contact);
    });
  }

  accept(id: string): void {
    this.#at(id, (chat, contact) => chat.allow(contact));
  }

  /** Somebody was blocked or allowed again. */
  blocksChanged(): void {
    const isGone = this.#open !== undefined && this.#options.isBlocked(this.#open.contact);
    if (isGone) this.#open = undefined;
    this.#changed();
  }

  person(id: string): { uri: string; displayName: string } | undefined {
    return this.#conversations().find((conversation) => conversation.id === id);
  }

  find(text: string): readonly FoundMessage[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return [];
    return this.#conversations().flatMap((conversation) => {
      const found = this.#messagesOf(conversation).findLast((message) => hasAll(plainText(message), words));
      return found === undefined ? [] : [{ conversation, message: found.key, text: plainText(found), at: found.at }];
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const chat of this.#chats.values()) chat.close();
  }

  #start(address: string): AccountChat {
    const chat: AccountChat = new AccountChat({
      ...this.#options,
      address,
      changed: () => this.#changed(),
      arrived: (message) => this.#tell(chat, message),
    });
    const account = this.#accounts.get(address);
    if (account) chat.attach(account);
    return chat;
  }

  #forget(address: string, chat: AccountChat): void {
    this.#chats.delete(address);
    this.#accounts.delete(address);
    if (this.#open?.chat === chat) this.#open = undefined;
    void chat.forget();
  }

  #show(chat: AccountChat, contact: string): void {
    const firstUnread = chat.history.thread(contact).find(({ isUnread }) => isUnread)?.key;
    this.#open = { chat, contact, firstUnread };
    this.#changed();
  }

  #tell(chat: AccountChat, message: ChatMessage): void {
    const conversation = this.#conversation(chat, message.contact);
    if (this.#options.isBlocked(message.contact)) return;
    this.#arrived = { key: message.key, conversation, text: plainText(message) };
    this.#changed();
  }

  #at(id: string, act: (chat: AccountChat, contact: string) => void): void {
    const [address = '', contact = ''] = id.split(' ');
    const chat = this.#chats.get(address);
    if (chat !== undefined) act(chat, contact);
  }

  /** Many changes of one moment are drawn once. */
  #changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.#isClosed) this.#options.publish(this.#snapshot());
    });
  }

  #snapshot(): ChatSnapshot {
    const chats = [...this.#chats.values()];
    const conversations = this.#conversations();
    const unread = conversations.reduce((sum, one) => sum + (one.isRequest ? 0 : one.unread), 0);
    const isLoading = chats.some(({ isLoaded }) => !isLoaded);
    return {
      state: chats.length === 0 ? 'none' : isLoading ? 'loading' : 'ready',
      isSyncing: chats.some(({ isSyncing }) => isSyncing),
      unread,
      conversations,
      thread: this.#thread(),
      arrived: this.#arrived,
    };
  }

  #thread(): Thread | undefined {
    if (this.#open === undefined) return undefined;
    const { chat, contact, firstUnread } = this.#open;
    return { ...this.#conversation(chat, contact), messages: chat.history.thread(contact), firstUnread };
  }

  /** Those that have messages, the latest first. */
  #conversations(): readonly Conversation[] {
    return [...this.#chats.values()]
      .flatMap((chat) => chat.history.contacts.map(({ contact }) => this.#conversation(chat, contact)))
      .filter(({ uri, last }) => last !== undefined && !this.#options.isBlocked(uri))
      .sort((one, other) => (other.last?.at ?? 0) - (one.last?.at ?? 0));
  }

  #conversation(chat: AccountChat, contact: string): Conversation {
    const messages = chat.history.thread(contact);
    const isRequest = this.#isRequest(chat, contact);
    const last = messages.at(-1);
    const { uri, displayName } = chat.history.contact(contact) ?? { uri: contact, displayName: '' };
    return {
      id: `${chat.address} ${contact}`,
      account: chat.address,
      uri,
      displayName,
      last: last && { text: plainText(last), at: last.at, direction: last.direction, state: last.state },
      unread: messages.reduce((sum, { isUnread }) => sum + (isUnread ? 1 : 0), 0),
      isRequest,
      isTyping: !isRequest && chat.typing.has(contact),
    };
  }

  #isRequest(chat: AccountChat, contact: string): boolean {
    if (chat.history.contact(contact)?.isAccepted || this.#options.wasCalled(contact)) return false;
    const messages = chat.history.thread(contact);
    return messages.length > 0 && !messages.some(({ direction }) => direction === 'outgoing');
  }

  #messagesOf({ account, uri }: Conversation): readonly ChatMessage[] {
    return this.#chats.get(account)?.history.thread(contactOf(uri)) ?? [];
  }
}

const hasAll = (text: string, words: readonly string[]): boolean => {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
};
