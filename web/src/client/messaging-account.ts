import { AccountMessages, type DispositionReport } from './account-messages.ts';
import type { AccountEvents, AccountHost } from './account-types.ts';
import type { MessageCallback, MessageOptions } from './call-messages.ts';
import { ContactLists, type ContactPolicy } from './contact-lists.ts';
import { EventEmitter } from './event-emitter.ts';
import { Identity } from './identity.ts';
import type { Link } from './link.ts';
import type { Message } from './message.ts';
import { errorOf } from './pending-requests.ts';
import { RequestQueue } from './request-queue.ts';
import type { AccountMessageNews, ClientRequest, ContactPolicyEvent } from './wire.ts';

type Text = [
  uri: string,
  message: string,
  contentType?: string,
  options?: MessageOptions,
  callback?: MessageCallback | undefined,
];
type Report = [
  uri: string,
  id: string,
  timestamp: Date | string,
  state: DispositionReport['state'],
  callback?: MessageCallback | undefined,
];

/** The half of an account that reads and writes messages: what must arrive waits here for a socket that takes it. */
export abstract class MessagingAccount extends EventEmitter<AccountEvents> {
  readonly id: string;
  readonly displayName: string;
  readonly #queue: RequestQueue;
  /** A server that does not know what is asked here says nothing, and messages must not wait for that. */
  readonly #decisions: RequestQueue;
  readonly #messages: AccountMessages;
  readonly #contacts = new ContactLists();
  #link: Link | undefined;
  /** Where the gateway has said that the account is registered: only there it may read and write. */
  #registeredOn: Link | undefined;
  /** Whether the application has asked to be called. */
  protected wantsRegistration = false;

  constructor(who: { readonly id: string; readonly displayName: string }, connection: AccountHost) {
    super();
    this.id = who.id;
    this.displayName = who.displayName;
    const newQueue = () =>
      new RequestQueue({
        canSend: () => this.#mayWrite,
        send: (request, transaction) => connection.request(request, this.#link, transaction),
      });
    this.#queue = newQueue();
    this.#decisions = newQueue();
    const request = (one: ClientRequest) => connection.request(one, this.#link);
    this.#messages = new AccountMessages({ id: this.id, identity: this.identity, queue: this.#queue, request }, this);
  }

  get identity(): Identity {
    return new Identity(this.id, this.displayName);
  }

  /** The latest messages that this page has sent or received. */
  get messages(): readonly Message[] {
    return this.#messages.list;
  }

  /**
   * Writes to somebody: `sendMessage(uri, message, contentType = 'text/plain', options = {}, callback)`. While there is no
   * connection it waits, and is sent once when the account is registered again. `options` has the `id` and `timestamp`
   * of a message that is tried again; the gateway takes each id once.
   */
  sendMessage(...[uri, message, contentType = 'text/plain', options = {}, callback = null]: Text): Message {
    return this.#messages.send({ uri, content: message, contentType, options }, callback);
  }

  /**
   * Tells the sender of a message what became of it here: `sendDispositionNotification(uri, id, timestamp, state, callback)`,
   * with the `timestamp` of the message. `delivered` is told by the library.
   */
  sendDispositionNotification(...[uri, id, timestamp, state, callback = null]: Report): void {
    this.#messages.sendDisposition({ uri, id, timestamp, state }, callback);
  }

  /**
   * Addition: tells somebody that one writes just now, or has stopped: for people who talk already, at most once a minute
   * (RFC 3994). `refresh` in s. Without a connection it is not told.
   */
  sendComposing(uri: string, state: 'active' | 'idle', refresh = 120): void {
    if (this.#mayWrite) this.#messages.sendComposing(uri, { state, refresh });
  }

  /**
   * Asks for what was stored after a message; the event `syncConversations` brings it, oldest first. There may be more
   * until it brings an empty list.
   */
  syncConversations(id: string | null = null, callback: MessageCallback = null): void {
    this.#messages.sync(id, callback);
  }

  markConversationRead(contact: string, callback: MessageCallback = null): void {
    this.#messages.markRead(contact, callback);
  }

  /** Removes it here and on all devices; one that was sent from here also at its receiver. */
  removeMessage(
    message: Pick<Message, 'id' | 'chunkIds' | 'sender' | 'receiver'>,
    callback: MessageCallback = null,
  ): void {
    this.#messages.remove(message, callback);
  }

  /** Removes all that is stored with this contact; the contact keeps it. */
  removeConversation(uri: string, callback: MessageCallback = null): void {
    this.#messages.removeConversation(uri, callback);
  }

  /** Whom the account has blocked and allowed, on whatever device; empty until the gateway has said so. */
  get contactPolicy(): ContactPolicy {
    return this.#contacts.policy;
  }

  /** Nothing of this contact reaches the account any more, on none of its devices; the contact is not told. */
  block(uri: string, callback: MessageCallback = null): void {
    this.#decide({ sylkrtc: 'account-block', account: this.id, uri }, callback);
  }

  /** The contact is blocked no longer, and no stranger. */
  allow(uri: string, callback: MessageCallback = null): void {
    this.#decide({ sylkrtc: 'account-allow', account: this.id, uri }, callback);
  }

  // What follows is for the connection.

  /** Where the account has been added. */
  get link(): Link | undefined {
    return this.#link;
  }

  addedOn(link: Link): void {
    this.#link = link;
    this.#flush();
  }

  lost(link: Link): void {
    if (this.#link === link) this.#link = undefined;
    if (this.#registeredOn === link) this.#registeredOn = undefined;
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#queue.close();
    this.#decisions.close();
  }

  protected registeredOn(link: Link): void {
    this.#registeredOn = link;
    this.#flush();
  }

  protected learnContacts(news: ContactPolicyEvent): void {
    if (this.#contacts.take(news)) this.emit('contactPolicyChanged', this.contactPolicy);
  }

  protected hear(news: AccountMessageNews): void {
    this.#messages.receive(news);
  }

  #flush(): void {
    this.#queue.flush();
    this.#decisions.flush();
  }

  #decide(request: ClientRequest, callback: MessageCallback): void {
    void this.#decisions.add(request).then((reply) => callback?.(errorOf(reply)));
  }

  /** An application that does not register gets the gateway's own answer to what it sends. */
  get #mayWrite(): boolean {
    const link = this.wantsRegistration ? this.#registeredOn : this.#link;
    return link?.isOpen === true && link === this.#link;
  }
}
