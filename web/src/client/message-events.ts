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
  messageStateChanged: [id: string, state: MessageState, data: { reason: string; code: number }];
  sendingDispositionNotification: [id: string, state: string, error: Error | null];
  processingFetchedMessages: [progress: number | undefined];
  syncConversations: [messages: readonly Message[]];
  readConversation: [contact: string, at: Date | undefined];
  removeConversation: [contact: string, at: Date | undefined];
  /** Addition: somebody writes, or has stopped; it holds for `refresh` seconds. */
  composingIndication: [indication: { sender: Identity; state: string; refresh: number }];
}

export type MessageEventEmitter = Pick<EventEmitter<MessageEvents>, 'emit'>;
