import { type Composing, composingType, writeComposing } from '@sylk/protocol/composing.ts';
import type { MessageCallback, MessageOptions } from './call-messages.ts';
import { uuid } from './identifiers.ts';
import { Identity } from './identity.ts';
import { IncomingTexts } from './incoming-texts.ts';
import { Message, type MessageState } from './message.ts';
import type { MessageEventEmitter, MessageNews } from './message-events.ts';
import { errorOf, type Reply } from './pending-requests.ts';
import type { RequestQueue } from './request-queue.ts';
import type { AccountMessageNews, ClientRequest, DispositionState } from './wire.ts';

/** What messages need of the account that they belong to. */
export interface MessagesAccount {
  readonly id: string;
  readonly identity: Identity;
  /** For what must arrive, if need be after the next socket is open. */
  readonly queue: RequestQueue;
  /** For what is worth nothing later; dropped when nobody listens now. */
  request(request: ClientRequest): Promise<Reply>;
}

/** The conversations of an account: stored at the gateway, the same on all devices. */
export class AccountMessages {
  readonly #account: MessagesAccount;
  readonly #emitter: MessageEventEmitter;
  readonly #messages = new Map<string, Message>();
  readonly #texts: IncomingTexts;

  constructor(account: MessagesAccount, emitter: MessageEventEmitter) {
    this.#account = account;
    this.#emitter = emitter;
    this.#texts = new IncomingTexts(account.identity);
  }

  get list(): readonly Message[] {
    return [...this.#messages.values()];
  }

  /** Sends once, now or when the account is signed in again; the same id is the same message, however often it is sent. */
  send({ uri, content, contentType, options }: OutgoingText, callback: MessageCallback): Message {
    const start = { ...options, content, contentType, sender: this.#account.identity, receiver: new Identity(uri) };
    const message = new Message({ ...start, state: 'pending' });
    this.#keep(message);
    this.#emitter.emit('sendingMessage', message);
    void this.#request({
      sylkrtc: 'account-message',
      account: this.#account.id,
      uri,
      message_id: message.id,
      content,
      content_type: contentType,
      timestamp: message.timestamp.toISOString(),
    }).then((reply) => {
      if (!reply.ok) this.#rise(message.id, 'failed', { reason: reply.error, code: 0 });
      callback?.(errorOf(reply));
    });
    return message;
  }

  sendDisposition(report: DispositionReport, callback: MessageCallback): void {
    const { uri, id, timestamp, state } = report;
    const fields = { uri, message_id: id, state, timestamp: new Date(timestamp).toISOString() };
    void this.#request({
      sylkrtc: 'account-disposition-notification',
      account: this.#account.id,
      ...fields,
    }).then((reply) => {
      const error = errorOf(reply);
      if (error === null && (state === 'delivered' || state === 'displayed' || state === 'error'))
        this.#messages.get(id)?.dispose(state);
      this.#emitter.emit('sendingDispositionNotification', id, state, error);
      callback?.(error);
    });
  }

  /** Nothing is lost when it does not get there, so it never waits and is never told again. */
  sendComposing(uri: string, composing: Composing): void {
    void this.#account.request({
      sylkrtc: 'account-message',
      account: this.#account.id,
      uri,
      message_id: uuid(),
      content: writeComposing(composing),
      content_type: composingType,
      timestamp: new Date().toISOString(),
    });
  }

  sync(id: string | null, callback: MessageCallback): void {
    const after = id === null ? {} : { message_id: id };
    const request = { sylkrtc: 'account-sync-conversations', account: this.#account.id, ...after } as const;
    void this.#account.request(request).then((reply) => callback?.(errorOf(reply)));
  }

  markRead(contact: string, callback: MessageCallback): void {
    this.#tell({ sylkrtc: 'account-mark-conversation-read', account: this.#account.id, contact }, callback);
  }

  remove({ id, chunkIds, sender, receiver }: Removed, callback: MessageCallback): void {
    const contact = sender.uri === this.#account.id ? receiver.uri : sender.uri;
    this.#messages.delete(id);
    const ids = chunkIds.length > 0 ? chunkIds : [id];
    const removals = ids.map((message_id) =>
      this.#request({ sylkrtc: 'account-remove-message', account: this.#account.id, message_id, contact }),
    );
    void Promise.all(removals).then((replies) => callback?.(errorOf(replies.find(({ ok }) => !ok) ?? { ok: true })));
  }

  removeConversation(contact: string, callback: MessageCallback): void {
    this.#forget(contact);
    this.#tell({ sylkrtc: 'account-remove-conversation', account: this.#account.id, contact }, callback);
  }

  receive(news: AccountMessageNews): void {
    switch (news.event) {
      case 'message':
        return this.#incoming(news);
      case 'disposition-notification':
        return this.#rise(news.message_id, news.state, {
          reason: news.reason,
          code: news.code,
          at: news.state === 'accepted' ? momentOf({ timestamp: news.message_timestamp }) : undefined,
        });
      case 'sync-conversations':
        return this.#fetched(news);
      case 'sync':
        return this.#replicated(news);
      case 'composing-indication':
        return this.#composing(news);
    }
  }

  #incoming(news: Extract<AccountMessageNews, { event: 'message' }>): void {
    const sender = new Identity(news.sender.uri, news.sender.display_name);
    const dispositionNotification = news.disposition_notification ?? [];
    // Each piece of a long text has been delivered, whenever the rest comes.
    if (dispositionNotification.includes('positive-delivery')) {
      const { message_id: id, timestamp } = news;
      this.sendDisposition({ uri: sender.uri, id, timestamp, state: 'delivered' }, null);
    }
    if (ignoredTypes.has(news.content_type) || this.#has(news.message_id, sender.uri)) return;
    const message = this.#texts.add({ ...news, sender, receiver: this.#account.identity, dispositionNotification });
    if (message === undefined) return;
    this.#keep(message);
    this.#emitter.emit('incomingMessage', message);
  }

  #composing({ sender, state, refresh }: Extract<AccountMessageNews, { event: 'composing-indication' }>): void {
    const from = new Identity(sender.uri, sender.display_name);
    this.#emitter.emit('composingIndication', { sender: from, state, refresh });
  }

  /** Ids are unique for each sender only. */
  #has(id: string, sender: string): boolean {
    return this.#messages.get(id)?.sender.uri === sender;
  }

  #fetched({ messages }: Extract<AccountMessageNews, { event: 'sync-conversations' }>): void {
    this.#emitter.emit('processingFetchedMessages', undefined);
    const fetched = messages
      .filter(({ content_type }) => content_type !== 'application/sylk-contact-update')
      .map((entry) => this.#texts.addFetched(entry))
      .filter((message) => message !== undefined);
    for (const message of fetched) if (!journalTypes.has(message.contentType)) this.#keep(message);
    this.#emitter.emit('syncConversations', fetched);
  }

  #replicated({ type, action, content }: Extract<AccountMessageNews, { event: 'sync' }>): void {
    const contact = typeof content.contact === 'string' ? content.contact : '';
    const id = typeof content.message_id === 'string' ? content.message_id : '';
    if (type === 'message' && action === 'add') this.#sentElsewhere(content);
    else if (type === 'message' && action === 'remove') this.#removedElsewhere(id, contact);
    else if (type === 'conversation' && action === 'read')
      this.#emitter.emit('readConversation', contact, momentOf(content));
    else if (type === 'conversation' && action === 'remove') {
      this.#forget(contact);
      this.#emitter.emit('removeConversation', contact, momentOf(content));
    }
  }

  #sentElsewhere(content: Readonly<Record<string, unknown>>): void {
    const { uri, message_id: id, content: text, content_type: contentType, timestamp } = content;
    if (typeof uri !== 'string' || typeof id !== 'string' || typeof text !== 'string') return;
    if (typeof contentType !== 'string' || this.#messages.has(id)) return;
    const isDone = uri === this.#account.id || content.server_generated === true;
    const message = new Message({
      id,
      content: text,
      contentType,
      sender: this.#account.identity,
      receiver: new Identity(uri),
      timestamp: new Date(String(timestamp)),
      state: isDone ? 'accepted' : 'pending',
    });
    this.#keep(message);
    this.#emitter.emit('sendingMessage', message);
    this.#emitter.emit('outgoingMessage', message);
  }

  #removedElsewhere(id: string, contact: string): void {
    const party = new Identity(contact);
    const unknown = { id, content: '', contentType: 'text/plain', sender: party, receiver: this.#account.identity };
    const message = this.#messages.get(id) ?? new Message({ ...unknown, state: 'received' });
    this.#messages.delete(id);
    this.#emitter.emit('removeMessage', message);
  }

  #rise(id: string, state: MessageState, data: MessageNews): void {
    const message = this.#messages.get(id);
    // Of a message that this page has never seen, its application may know more.
    if (message === undefined || message.become(state)) this.#emitter.emit('messageStateChanged', id, state, data);
  }

  #forget(contact: string): void {
    for (const { id, sender, receiver } of this.list)
      if (sender.uri === contact || receiver.uri === contact) this.#messages.delete(id);
  }

  /** A page that is open for weeks keeps the latest; older ones are the application's. */
  #keep(message: Message): void {
    this.#messages.set(message.id, message);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > mostKept && oldest !== undefined) this.#messages.delete(oldest);
  }

  #tell(request: ClientRequest, callback: MessageCallback): void {
    void this.#request(request).then((reply) => callback?.(errorOf(reply)));
  }

  #request(request: ClientRequest): Promise<Reply> {
    return this.#account.queue.add(request);
  }
}

export interface OutgoingText {
  readonly uri: string;
  readonly content: string;
  readonly contentType: string;
  readonly options: MessageOptions;
}

type Removed = Pick<Message, 'id' | 'chunkIds' | 'sender' | 'receiver'>;

export interface DispositionReport {
  readonly uri: string;
  readonly id: string;
  /** Of the message itself. */
  readonly timestamp: Date | string;
  readonly state: DispositionState;
}

/** When something happened to a conversation, if a gateway says so: what came later is not meant. */
const momentOf = ({ timestamp }: Readonly<Record<string, unknown>>): Date | undefined => {
  const at = new Date(String(timestamp));
  return Number.isNaN(at.getTime()) ? undefined : at;
};

/** Keys are told from the journal of another device, contacts by the address book. */
const ignoredTypes = new Set(['text/pgp-private-key', 'application/sylk-contact-update']);
/** Entries of the journal that are about messages, and none themselves. */
const journalTypes = new Set([
  'message/imdn',
  'message/imdn+json',
  'application/sylk-message-remove',
  'application/sylk-conversation-read',
  'application/sylk-conversation-remove',
]);
const mostKept = 10_000;
