import type { Aor } from '@sylk/protocol/ids.ts';
import type { JournalMessage } from '@sylk/protocol/sylkrtc/parts.ts';
import { utf8Length } from '@sylk/protocol/utf8-length.ts';
import type { Crypto } from '../../ports/crypto.ts';
import { type ConversationMarks, type HistoryEntry, noteId } from '../../ports/messages.ts';
import type { Services } from '../services.ts';

/** What is to be kept; its place is found here. */
export type NewEntry = Omit<HistoryEntry, 'seq' | 'storedAt' | 'isRemoved'>;

/** @returns `isNew` is false for a repetition, which finds what was stored first */
export interface Kept {
  readonly entry: HistoryEntry;
  readonly isNew: boolean;
}

/**
 * Puts a message at the end of an account's history, once however often it is tried: whoever comes second finishes
 * what the first has left half done. When this resolves the message is stored.
 *
 * Ids are the choice of whoever writes. One that comes in with the id of another is kept under an id of its own; one
 * that goes out with it is not kept, and `entry` is the other.
 */
export const keep = async (services: Services, wanted: NewEntry): Promise<Kept> => {
  const { clock, store } = services;
  const { messages } = store;
  const { aor } = wanted;
  const next = (await messages.tail(aor)) + 1;
  const wish = { ...wanted, seq: next, storedAt: clock.now(), isRemoved: false };
  let entry = await claim(services, wish);
  const isNew = entry.storedAt === wish.storedAt && entry.content === wanted.content && entry.seq === next;
  for (;;) {
    if (await messages.place(aor, entry.seq, entry.id)) return { entry, isNew };
    const seq = (await messages.tail(aor)) + 1;
    const hasMoved = await messages.move(aor, entry.id, entry.seq, seq);
    entry = hasMoved ? { ...entry, seq } : await messages.claim({ ...entry, seq });
  }
};

const claim = async ({ store, crypto }: Services, wish: HistoryEntry): Promise<HistoryEntry> => {
  const { direction, contact } = wish;
  const there = await store.messages.claim(wish);
  if (there.direction === direction && there.contact === contact) return there;
  if (direction === 'outgoing') return there;
  return store.messages.claim({ ...wish, id: `${wish.id}${markOf(crypto, contact)}` });
};

/** What tells the second of two apart that came from different people by one id. */
const markOf = (crypto: Crypto, contact: string): string => `~${crypto.sha256(contact).slice(0, 16)}`;

/** The id that the writer of a message gave it; see `keep`. */
export const givenId = ({ crypto }: Services, id: string, contact: string): string => {
  const mark = markOf(crypto, contact);
  return id.endsWith(mark) ? id.slice(0, -mark.length) : id;
};

/** What happened to a conversation, as far as it is not the same for all. */
export interface Note extends Partial<NewEntry> {
  /** The last place, as somebody has read it; absent: it is asked for. */
  readonly tail?: number | undefined;
}

/** Something that happened to a conversation, for devices that come later. */
export const note = async (
  services: Services,
  aor: Aor,
  contact: string,
  { tail, ...change }: Note,
): Promise<HistoryEntry> => {
  const { clock, crypto, store } = services;
  const now = clock.now();
  for (let last = tail; ; last = undefined) {
    const seq = (last ?? (await store.messages.tail(aor))) + 1;
    const entry: HistoryEntry = {
      aor,
      id: noteId(seq, crypto.token(18)),
      seq,
      contact,
      direction: '',
      contentType: '',
      content: contact,
      timestamp: new Date(now).toISOString(),
      storedAt: now,
      state: undefined,
      disposition: [],
      isRemoved: false,
      ...change,
    };
    if (await store.messages.append(entry)) return entry;
  }
};

/** An entry as a client reads it; undefined when it was removed. */
export const toJournal = (
  entry: HistoryEntry,
  marks: ReadonlyMap<string, ConversationMarks>,
): JournalMessage | undefined => {
  const { contact, timestamp, id, contentType, content, direction, state, disposition, seq } = entry;
  const mark = marks.get(contact);
  if (entry.isRemoved || (mark !== undefined && seq <= mark.removedUpTo)) return undefined;
  const isRead = direction === 'incoming' && mark !== undefined && seq <= mark.readUpTo;
  return {
    contact,
    timestamp,
    disposition: isRead ? [] : disposition,
    message_id: id,
    content_type: contentType,
    content,
    direction,
    ...(state === undefined ? {} : { state: state === 'error' ? 'error' : state }),
  };
};

/** What a client asks for. */
export interface HistoryWish {
  /** The entry after which it wants to go on. */
  readonly messageId?: string | undefined;
  /** ms since 1970: when entries were stored. */
  readonly since?: number | undefined;
  readonly limit: number;
}

/** A part of a history, oldest first, at most `maxBytes` of it; whoever wants more asks again with the last id. */
export const readHistory = async (services: Services, aor: Aor, wish: HistoryWish, maxBytes: number) => {
  const { messages } = services.store;
  const marks = new Map((await messages.marks(aor)).map((mark) => [mark.contact, mark]));
  const { after, since } = await startOf(services, aor, wish);
  const found: JournalMessage[] = [];
  let bytes = 0;
  let from = after;
  for (;;) {
    const page = await messages.page(aor, from, pageSize);
    for (const entry of page) {
      const shown = entry.storedAt > since ? toJournal(entry, marks) : undefined;
      if (shown === undefined) continue;
      bytes += utf8Length(JSON.stringify(shown)) + 1;
      if (found.length >= wish.limit || (found.length > 0 && bytes > maxBytes)) return found;
      found.push(shown);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return found;
    from = last.seq;
  }
};

const pageSize = 100;

const startOf = async ({ store }: Services, aor: Aor, { messageId, since }: HistoryWish) => {
  const known = messageId === undefined ? undefined : await store.messages.find(aor, messageId);
  return known === undefined ? { after: 0, since: since ?? 0 } : { after: known.seq, since: 0 };
};
