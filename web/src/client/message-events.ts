import type { EventEmitter } from './event-emitter.ts';
import type { Identity } from './identity.ts';
import type { Message, MessageState } from './message.ts';

/** What an account tells of its messages. */
export interface MessageEvents {
  incomingMessage: [message: Message];
  /** Sent by another device of the account. */
  outgoingMessage: [message: Message];
  sendingMessage: [message: Message];
  removeMessage: [message: Message];
  messageStateChanged: [id: string, state: MessageState, data: MessageNews];
  sendingDispositionNotification: [id: string, state: string, error: Error | null];
  processingFetchedMessages: [progress: number | undefined];
  syncConversations: [messages: readonly Message[]];
  readConversation: [contact: string, at: Date | undefined];
  removeConversation: [contact: string, at: Date | undefined];
  /** Addition: somebody writes, or has stopped; it holds for `refresh` seconds. */
  composingIndication: [indication: { sender: Identity; state: string; refresh: number }];
}

/** Why a message has its state. */
export interface MessageNews {
  readonly reason: string;
  /** Of SIP; 0 where the gateway did not answer. */
  readonly code: number;
  /** Addition: when the gateway says that it was written, with `accepted` only. It dates nothing ahead of its clock. */
  readonly at?: Date | undefined;
}

export type MessageEventEmitter = Pick<EventEmitter<MessageEvents>, 'emit'>;
