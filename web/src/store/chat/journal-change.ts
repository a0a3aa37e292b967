import type { Message } from '../../client/message.ts';
import { isObject } from '../stored-json.ts';
import { type ChatMessage, contactOf, isForPeople, keyOf } from './chat-message.ts';

/** What a message, or an entry of the gateway's journal, means for the history. */
export type JournalChange =
  | { readonly kind: 'message'; readonly message: ChatMessage; readonly wantsDelivery: boolean }
  | { readonly kind: 'state'; readonly id: string; readonly state: string }
  | { readonly kind: 'removed'; readonly contact: string; readonly id: string }
  | { readonly kind: 'read' | 'emptied'; readonly contact: string; readonly at: number }
  | { readonly kind: 'nothing' };

/** @param own the address whose history it is */
export function journalChange(entry: Message, own: string): JournalChange {
  const isOutgoing = entry.sender.uri === own;
  const contact = contactOf(isOutgoing ? entry.receiver.uri : entry.sender.uri);
  const at = entry.timestamp.getTime();
  switch (entry.contentType) {
    case 'message/imdn':
    case 'message/imdn+json':
      return stateOf(entry);
    case 'application/sylk-message-remove':
      return removalOf(entry, contact);
    case 'application/sylk-conversation-read':
      return { kind: 'read', contact: contactOf(entry.content), at };
    case 'application/sylk-conversation-remove':
      return { kind: 'emptied', contact: contactOf(entry.content), at };
    default:
      return isForPeople(entry.contentType) && !Number.isNaN(at) ? messageOf(entry, contact) : { kind: 'nothing' };
  }
}

function messageOf(entry: Message, contact: string): JournalChange {
  const { id, content, contentType, timestamp, state, chunkIds, dispositionNotification } = entry;
  const isIncoming = state === 'received';
  const message: ChatMessage = {
    key: keyOf(contact, id),
    id,
    contact,
    direction: isIncoming ? 'incoming' : 'outgoing',
    content,
    contentType,
    at: timestamp.getTime(),
    state,
    isUnread: isIncoming,
    wantsReceipt: isIncoming && dispositionNotification.includes('display'),
    ...(chunkIds.length > 0 && { chunkIds }),
  };
  return {
    kind: 'message',
    message,
    wantsDelivery: isIncoming && dispositionNotification.includes('positive-delivery'),
  };
}

function stateOf({ json }: Message): JournalChange {
  if (!isObject(json) || typeof json.message_id !== 'string' || typeof json.state !== 'string')
    return { kind: 'nothing' };
  return { kind: 'state', id: json.message_id, state: json.state };
}

function removalOf({ json }: Message, contact: string): JournalChange {
  if (!isObject(json) || typeof json.message_id !== 'string') return { kind: 'nothing' };
  const named = typeof json.contact === 'string' ? contactOf(json.contact) : contact;
  return { kind: 'removed', contact: named, id: json.message_id };
}
