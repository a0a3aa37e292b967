import type { Account } from '../../client/account.ts';
import type { Clock } from '../../client/clock.ts';
import { uuid } from '../../client/identifiers.ts';
import type { Message } from '../../client/message.ts';
import type { ChatArchive, ChatChange } from './chat-archive.ts';
import { type ChatContact, ChatHistory } from './chat-history.ts';
import { type ChatMessage, contactOf, keyOf } from './chat-message.ts';
import { ChatOutbox } from './chat-outbox.ts';
import { ChatSync } from './chat-sync.ts';
import { type JournalChange, journalChange } from './journal-change.ts';
import { OwnTyping } from './own-typing.ts';
import { TypingPeople } from './typing-people.ts';

export interface AccountChatOptions {
  readonly address: string;
  readonly archive: ChatArchive;
  readonly clock: Clock;
  isBlocked(uri: string): boolean;
  /** Something is to be drawn anew. */
  changed(): void;
  /** A message has come in that nobody has seen. */
  arrived(message: ChatMessage): void;
}

/** The conversations of one own address: what the browser has kept, what the gateway tells, and what is to be told to it. */
export class AccountChat {
  readonly address: string;
  readonly history = new ChatHistory();
  readonly typing: TypingPeople;
  readonly #ownTyping: OwnTyping;
  readonly #options: AccountChatOptions;
  readonly #outbox: ChatOutbox;
  readonly #loaded: Promise<void>;
  readonly #sync: ChatSync;
  #account: Account | undefined;
  #isLoaded = false;
  #isForgotten = false;

  constructor(options: AccountChatOptions) {
    const { address, archive, clock, changed, isBlocked } = options;
    this.address = address;
    this.#options = options;
    this.#outbox = new ChatOutbox({ address, archive, history: this.history, now: () => clock.now(), isBlocked });
    this.typing = new TypingPeople(clock, changed);
    this.#ownTyping = new OwnTyping(clock, (contact, { state, refresh }) =>
      this.#account?.sendComposing(this.#uri(contact), state, refresh),
    );
    this.#sync = new ChatSync({
      took: (messages, cursor) => this.#fetched(messages, cursor),
      changed,
    });
    this.#loaded = this.#load();
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get isSyncing(): boolean {
    return this.#sync.isRunning;
  }

  /** The account is there: hears of it, and hands over what waits. */
  attach(account: Account): void {
    this.#account = account;
    const later = (act: () => void) => void this.#loaded.then(act);
    account.on('incomingMessage', (message) => later(() => this.#came(message)));
    account.on('outgoingMessage', (message) => later(() => this.#sentElsewhere(message)));
    account.on('messageStateChanged', (id, state, news) => later(() => this.#became(id, state, news)));
    account.on('removeMessage', ({ id, sender, receiver }) => {
      later(() => this.#dropped(contactOf(sender.uri === account.id ? receiver.uri : sender.uri), id));
    });
    account.on('readConversation', (contact, at) =>
      later(() => this.#readElsewhere(contactOf(contact), at?.getTime())),
    );
    account.on('removeConversation', (contact, at) => later(() => this.#emptied(contactOf(contact), at?.getTime())));
    account.on('contactPolicyChanged', ({ allowed }) => later(() => this.#allowedElsewhere(allowed)));
    account.on('composingIndication', ({ sender, state, refresh }) =>
      this.typing.heard(contactOf(sender.uri), state, refresh),
    );
    later(() => {
      this.#outbox.attach(account);
      this.#sync.attach(account);
    });
  }

  /** There is a connection again. */
  synchronise(): void {
    void this.#loaded.then(() => this.#sync.start());
  }

  /** Makes a conversation, empty if it is new. */
  meet(uri: string, displayName = ''): string {
    const contact = contactOf(uri);
    this.#meet({ contact, uri: uri.replace(/^sips?:/i, ''), displayName });
    return contact;
  }

  /** Told to those only who have heard from here already. */
  typed(contact: string, isEmpty: boolean): void {
    const hasHeard = ({ direction, state }: ChatMessage) =>
      direction === 'outgoing' && state !== 'pending' && state !== 'failed';
    if (this.history.thread(contact).some(hasHeard)) this.#ownTyping.typed(contact, isEmpty);
  }

  send(contact: string, text: string): void {
    this.#ownTyping.sent(contact);
    const id = uuid();
    const message: ChatMessage = {
      key: keyOf(contact, id),
      id,
      contact,
      direction: 'outgoing',
      content: text,
      contentType: 'text/plain',
      at: this.#nextMoment(contact),
      state: 'pending',
      isUnread: false,
      wantsReceipt: false,
    };
    this.history.put(message);
    const job = this.#outbox.add({ kind: 'send', contact: this.#uri(contact), message: message.id, at: message.at });
    this.#save({ messages: [message], jobs: [job] });
  }

  retry(contact: string, id: string): void {
    const failed = this.history.get(contact, id);
    if (failed?.state !== 'failed') return;
    const message = this.history.replace({ ...failed, state: 'pending', reason: undefined });
    const job = this.#outbox.add({ kind: 'send', contact: this.#uri(contact), message: id, at: message.at });
    this.#save({ messages: [message], jobs: [job] });
  }

  /** @param tellsSender a stranger does not learn that a request has been read */
  read(contact: string, tellsSender: boolean): void {
    const wanted = this.history.thread(contact).filter(({ wantsReceipt }) => wantsReceipt);
    const messages = this.history.markRead(contact);
    if (messages.length === 0) return;
    const uri = this.#uri(contact);
    const jobs = (tellsSender ? wanted : []).map(({ id, at }) =>
      this.#outbox.add({ kind: 'displayed', contact: uri, message: id, at }),
    );
    this.#save({ messages, jobs: [...jobs, this.#outbox.add({ kind: 'read', contact: uri })] });
  }

  remove(contact: string, id: string): void {
    const message = this.history.get(contact, id);
    if (message === undefined) return;
    const messages = message.chunkIds?.length ? message.chunkIds : [id];
    this.history.remove(contact, id);
    const job = this.#outbox.add({ kind: 'remove', contact: this.#uri(contact), messages });
    this.#save({ removed: [message.key], jobs: [job] });
  }

  removeConversation(contact: string): void {
    const removed = this.history.removeThread(contact).map(({ key }) => key);
    this.#save({ removed, jobs: [this.#outbox.add({ kind: 'remove-conversation', contact: this.#uri(contact) })] });
  }

  /** The person wants to hear from this stranger. */
  accept(contact: string): void {
    this.#meet({ contact, uri: contact, isAccepted: true });
  }

  /** The same, for all devices of the account. */
  allow(contact: string): void {
    this.accept(contact);
    this.#save({ jobs: [this.#outbox.add({ kind: 'allow', contact })] });
  }

  /** The address is not this browser's any more, and neither are its messages. */
  async forget(): Promise<void> {
    this.close();
    await this.#loaded;
    await this.#options.archive.forget(this.address);
  }

  close(): void {
    this.#isForgotten = true;
    this.typing.close();
    this.#ownTyping.close();
  }

  async #load(): Promise<void> {
    const { messages, contacts, jobs, cursor } = await this.#options.archive.load(this.address);
    this.history.load(messages, contacts);
    this.#outbox.load(jobs);
    this.#sync.cursor = cursor;
    this.#isLoaded = true;
    this.#options.changed();
  }

  #came(message: Message): void {
    const change = journalChange(message, this.address);
    if (change.kind !== 'message') return;
    const { contact, id } = change.message;
    const isNew = this.history.get(contact, id) === undefined;
    this.typing.stop(contact);
    this.meet(message.sender.uri, message.sender.displayName);
    this.#keep([change.message]);
    if (isNew) this.#options.arrived(change.message);
  }

  #sentElsewhere(message: Message): void {
    const change = journalChange(message, this.address);
    if (change.kind !== 'message') return;
    this.meet(message.receiver.uri);
    this.#keep([change.message]);
  }

  /** Its sender is told that it got here, which nobody has done while it was only stored. */
  #stored(message: ChatMessage, wantsDelivery: boolean): void {
    const { contact, id, at } = message;
    const isNew = this.history.get(contact, id) === undefined;
    this.meet(contact);
    this.#keep([message]);
    if (!wantsDelivery || !isNew) return;
    const job = this.#outbox.add({ kind: 'delivered', contact: this.#uri(contact), message: id, at });
    this.#save({ jobs: [job] });
  }

  #became(
    id: string,
    state: string,
    { reason, at }: { readonly reason?: string; readonly at?: Date | undefined },
  ): void {
    const message = this.history.sent(id);
    if (!message) return;
    const when = at === undefined ? {} : { at: at.getTime() };
    this.#keep([{ ...message, ...when, state, ...(state === 'failed' && { reason }) }]);
  }

  #allowedElsewhere(contacts: readonly string[]): void {
    for (const contact of contacts) this.accept(contactOf(contact));
  }

  #dropped(contact: string, id: string): void {
    if (this.history.remove(contact, id)) this.#save({ removed: [keyOf(contact, id)] });
  }

  #readElsewhere(contact: string, until?: number): void {
    const messages = this.history.markRead(contact, until);
    if (messages.length > 0) this.#save({ messages });
  }

  #emptied(contact: string, until?: number): void {
    this.#save({ removed: this.history.removeThread(contact, until).map(({ key }) => key) });
  }

  /** One answer of the gateway is kept all together, and the place in the journal with it. */
  #fetched(entries: readonly Message[], cursor: string): void {
    for (const entry of entries) this.#apply(journalChange(entry, this.address));
    this.#save({ cursor });
  }

  #apply(change: JournalChange): void {
    switch (change.kind) {
      case 'message':
        return this.#stored(change.message, change.wantsDelivery);
      case 'state':
        return this.#became(change.id, change.state, {});
      case 'removed':
        return this.#dropped(change.contact, change.id);
      case 'read':
        return this.#readElsewhere(change.contact, change.at);
      case 'emptied':
        return this.#emptied(change.contact, change.at);
      case 'nothing':
    }
  }

  /** A clock that is behind that of the other side must not put an answer before its question. */
  #nextMoment(contact: string): number {
    const now = this.#options.clock.now();
    const last = this.history.thread(contact).at(-1)?.at ?? 0;
    return last >= now && last - now < maxSkewMs ? last + 1 : now;
  }

  #uri(contact: string): string {
    return this.history.contact(contact)?.uri ?? contact;
  }

  #meet(news: Pick<ChatContact, 'contact' | 'uri'> & Partial<ChatContact>): void {
    const contact = this.history.meet(news);
    if (contact) this.#save({ contacts: [contact] });
  }

  #keep(news: readonly ChatMessage[]): void {
    const messages = news.map((message) => this.history.put(message)).filter((message) => message !== undefined);
    if (messages.length > 0) this.#save({ messages });
  }

  #save(change: ChatChange): void {
    if (this.#isForgotten) return;
    void this.#options.archive.save(this.address, change);
    this.#options.changed();
  }
}

const maxSkewMs = 5 * 60_000;
