import type { ChatContact } from './chat-history.ts';
import type { ChatMessage } from './chat-message.ts';

/** Something that the gateway has to be told still, kept until it has answered. */
export type ChatJob = { readonly id: number } & (
  | {
      readonly kind: 'send' | 'delivered' | 'displayed';
      readonly contact: string;
      readonly message: string;
      readonly at: number;
    }
  | { readonly kind: 'remove'; readonly contact: string; readonly messages: readonly string[] }
  | { readonly kind: 'read' | 'remove-conversation' | 'allow'; readonly contact: string }
);

/** All that the browser keeps of the messages of one account. */
export interface KeptChat {
  readonly messages: readonly ChatMessage[];
  readonly contacts: readonly ChatContact[];
  readonly jobs: readonly ChatJob[];
  /** Id of the last entry of the gateway's journal that is here. */
  readonly cursor: string | undefined;
}

/** What has changed, to be kept all together. */
export interface ChatChange {
  readonly messages?: readonly ChatMessage[];
  /** Keys of messages that are gone. */
  readonly removed?: readonly string[];
  readonly contacts?: readonly ChatContact[];
  readonly jobs?: readonly ChatJob[];
  readonly doneJobs?: readonly number[];
  readonly cursor?: string;
}

/** Keeps chats in the browser, over reloads and without a network. What cannot be kept is only forgotten. */
export interface ChatArchive {
  load(account: string): Promise<KeptChat>;
  save(account: string, change: ChatChange): Promise<void>;
  forget(account: string): Promise<void>;
}

export const nothingKept: KeptChat = { messages: [], contacts: [], jobs: [], cursor: undefined };
