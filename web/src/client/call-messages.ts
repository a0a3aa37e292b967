import type { CallEmitter } from './call-types.ts';
import { Identity } from './identity.ts';
import { Message, type MessageState } from './message.ts';
import type { Reply } from './pending-requests.ts';
import type { SessionEvent, SessionRequest } from './wire.ts';

/** What messages need of the call that carries them. */
export interface MessagesCall {
  readonly id: string;
  readonly localIdentity: Identity;
  readonly remoteIdentity: Identity;
  request(request: SessionRequest): Promise<Reply>;
}

export interface MessageOptions {
  readonly id?: string;
  readonly timestamp?: Date;
}

export type MessageCallback = ((error: Error | null) => void) | null;

type MessageNews = Extract<SessionEvent, { event: 'message' | 'disposition-notification' }>;

/** Instant messages within a call: neither stored nor shown on other devices. */
export class CallMessages {
  readonly #call: MessagesCall;
  readonly #emitter: CallEmitter;
  readonly #sent = new Map<string, Message>();

  constructor(call: MessagesCall, emitter: CallEmitter) {
    this.#call = call;
    this.#emitter = emitter;
  }

  send(content: string, contentType: string, options: MessageOptions, callback: MessageCallback): Message {
    const { id: session, localIdentity: sender, remoteIdentity: receiver } = this.#call;
    const message = new Message({ ...options, content, contentType, sender, receiver, state: 'pending' });
    this.#sent.set(message.id, message);
    this.#emitter.emit('sendingMessage', message);
    const fields = {
      session,
      message_id: message.id,
      content,
      content_type: contentType,
      timestamp: message.timestamp.toISOString(),
    };
    void this.#call.request({ sylkrtc: 'session-message', ...fields }).then((reply) => {
      if (!reply.ok) this.#become(message, 'failed', { reason: reply.error, code: 0 });
      callback?.(reply.ok ? null : new Error(reply.error));
    });
    return message;
  }

  receive(news: MessageNews): void {
    if (news.event === 'disposition-notification') {
      const message = this.#sent.get(news.message_id);
      if (message) this.#become(message, news.state, { reason: news.reason, code: news.code });
      return;
    }
    const sender = new Identity(news.sender.uri, news.sender.display_name);
    const { message_id: id, content, content_type: contentType, timestamp } = news;
    const dispositionNotification = news.disposition_notification ?? [];
    const start = { id, content, contentType, sender, receiver: this.#call.localIdentity, dispositionNotification };
    this.#emitter.emit('incomingMessage', new Message({ ...start, timestamp: new Date(timestamp), state: 'received' }));
  }

  #become(message: Message, state: MessageState, data: { reason: string; code: number }): void {
    if (message.become(state)) this.#emitter.emit('messageStateChanged', message.id, state, data);
  }
}
