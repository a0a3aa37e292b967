import { ChunkGroups, readChunk } from './chunks.ts';
import { Identity } from './identity.ts';
import { Message, type MessageStart } from './message.ts';
import type { AccountMessageEvent, JournalMessage } from './wire.ts';

type Live = Omit<AccountMessageEvent, 'sender'> & Pick<MessageStart, 'sender' | 'receiver' | 'dispositionNotification'>;

/** Makes messages of what the gateway sends, and one of all the pieces of a long text. */
export class IncomingTexts {
  readonly #own: Identity;
  readonly #groups = new ChunkGroups<MessageStart>();

  constructor(own: Identity) {
    this.#own = own;
  }

  /** @returns undefined for a piece of a text that is not complete yet */
  add(news: Live): Message | undefined {
    const { message_id: id, content, content_type: contentType, sender, receiver, dispositionNotification } = news;
    const timestamp = new Date(news.timestamp);
    return this.#whole({
      id,
      content,
      contentType,
      sender,
      receiver,
      timestamp,
      dispositionNotification,
      state: 'received',
    });
  }

  /** @returns undefined for a piece of a text that is not complete yet */
  addFetched(entry: JournalMessage): Message | undefined {
    const contact = new Identity(entry.contact);
    const isOutgoing = entry.direction === 'outgoing';
    return this.#whole({
      id: entry.message_id,
      content: entry.content,
      contentType: entry.content_type,
      sender: isOutgoing ? this.#own : contact,
      receiver: isOutgoing ? contact : this.#own,
      timestamp: new Date(entry.timestamp),
      dispositionNotification: entry.disposition ?? [],
      state: entry.state ?? (isOutgoing ? 'pending' : 'received'),
    });
  }

  #whole(start: MessageStart): Message | undefined {
    const isText = start.contentType === 'text/plain' || start.contentType === 'text/html';
    const chunk = isText ? readChunk(start.content) : undefined;
    if (chunk === undefined) return new Message(start);
    const complete = this.#groups.add(`${start.sender.uri} ${start.receiver.uri}`, chunk, start);
    if (complete === undefined) return undefined;
    const { text: content, pieces } = complete;
    const first = pieces[0] ?? start;
    return new Message({ ...first, content, chunkIds: pieces.map(({ id = '' }) => id) });
  }
}
