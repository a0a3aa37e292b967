import { type MessageState, riseTo } from '../../client/message-state.ts';

/** One message as the page keeps and shows it. */
export interface ChatMessage {
  /** Unique within the account: two contacts may use the same message id. */
  readonly key: string;
  readonly id: string;
  /** Address of the other side, in lower case. */
  readonly contact: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly content: string;
  readonly contentType: string;
  /** ms since 1970. */
  readonly at: number;
  readonly state: MessageState;
  /** Incoming, and nobody has seen it on any device. */
  readonly isUnread: boolean;
  /** Its sender wants to know when it has been read. */
  readonly wantsReceipt: boolean;
  /** Why it could not be sent, in the words of the gateway. */
  readonly reason?: string;
  /** Pieces in which it came. */
  readonly chunkIds?: readonly string[];
}

export const keyOf = (contact: string, id: string): string => `${contact} ${id}`;

/** Addresses name the same person however they are written; that of a page has no scheme. */
export const contactOf = (uri: string): string => uri.replace(/^sips?:/i, '').toLowerCase();

/**
 * What is known of a message after it came once more: states only rise, and what was read stays read. What was written
 * by a clock that is ahead is dated back by the gateway.
 */
export function merge(known: ChatMessage, news: ChatMessage): ChatMessage {
  const state = riseTo(known.state, news.state);
  const isUnread = known.isUnread && news.isUnread;
  const wantsReceipt = known.wantsReceipt && news.wantsReceipt;
  const reason = state === 'failed' ? (news.reason ?? known.reason) : undefined;
  const at = Math.min(known.at, news.at);
  const isSame = state === known.state && isUnread === known.isUnread && wantsReceipt === known.wantsReceipt;
  const isAsBefore = isSame && reason === known.reason && at === known.at;
  return isAsBefore ? known : { ...known, at, state, isUnread, wantsReceipt, reason };
}

/** Order within a conversation, the same on all devices. */
export const isBefore = (one: ChatMessage, other: ChatMessage): boolean =>
  one.at < other.at || (one.at === other.at && one.key < other.key);

/** Whether a person gets to see messages of a type; the rest is for programs. */
export function isForPeople(contentType: string): boolean {
  const type = typeOf(contentType);
  if (type.startsWith('text/')) return !type.startsWith('text/pgp-');
  return /^image\/(png|jpeg|gif|webp)$/.test(type) || type === 'application/sylk-file-transfer';
}

/** A content type without its parameters. */
export const typeOf = (contentType: string): string => contentType.split(';')[0]?.trim().toLowerCase() ?? '';
