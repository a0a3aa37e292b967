import type { ChatMessage } from './chat-message.ts';

/** What the page draws of all conversations; made anew on each change. */
export interface ChatSnapshot {
  /** `loading` until what the browser has kept is here; `none` without an address of one's own. */
  readonly state: 'none' | 'loading' | 'ready';
  /** The history is being fetched from the gateway. */
  readonly isSyncing: boolean;
  /** Messages that nobody has seen, requests not counted. */
  readonly unread: number;
  /** The latest first. */
  readonly conversations: readonly Conversation[];
  readonly thread: Thread | undefined;
  /** The message that came last while the page was open. */
  readonly arrived: ArrivedMessage | undefined;
}

export interface ArrivedMessage {
  readonly key: string;
  readonly conversation: Conversation;
  /** In one line, as text. */
  readonly text: string;
}

export interface Conversation {
  /** Names it in actions. */
  readonly id: string;
  /** The own address at which it is held. */
  readonly account: string;
  readonly uri: string;
  readonly displayName: string;
  readonly last: ConversationEnd | undefined;
  readonly unread: number;
  /** A stranger who has not been answered or allowed yet. */
  readonly isRequest: boolean;
  readonly isTyping: boolean;
}

export interface ConversationEnd {
  /** In one line, as text. */
  readonly text: string;
  readonly at: number;
  readonly direction: ChatMessage['direction'];
  readonly state: ChatMessage['state'];
}

export interface Thread extends Conversation {
  /** Oldest first; the same array as long as nothing in it has changed. */
  readonly messages: readonly ChatMessage[];
  /** Where the unread ones began when it was opened: key of the first. */
  readonly firstUnread: string | undefined;
}

/** What a person can do with messages. */
export interface ChatActions {
  /** Opens the conversation with an address, a new one if need be. Rejects with a sentence when it is none. */
  openChat(uri: string): Promise<void>;
  openConversation(id: string): void;
  closeConversation(): void;
  /** Sends at once, or as soon as there is a connection. */
  sendMessage(conversation: string, text: string): void;
  /** A key was pressed in the field of this conversation, which may have emptied it. */
  typing(conversation: string, isEmpty: boolean): void;
  retryMessage(conversation: string, message: string): void;
  /** What is on the screen has been seen. */
  seen(conversation: string): void;
  removeMessage(conversation: string, message: string): void;
  removeConversation(conversation: string): void;
  acceptRequest(conversation: string): void;
  blockContact(conversation: string): void;
  /** Conversations with messages that contain all words, each with the latest such message. */
  findMessages(words: string): readonly FoundMessage[];
}

export interface FoundMessage {
  readonly conversation: Conversation;
  readonly message: string;
  readonly text: string;
  readonly at: number;
}

export const noChat: ChatSnapshot = {
  state: 'none',
  isSyncing: false,
  unread: 0,
  conversations: [],
  thread: undefined,
  arrived: undefined,
};
