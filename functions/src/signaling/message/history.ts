import type { Aor } from '@sylk/protocol/ids.ts';
import type { JournalMessage } from '@sylk/protocol/sylkrtc/parts.ts';
import { utf8Length } from '@sylk/protocol/utf8-length.ts';
import { type ConversationMarks, entryKey, type HistoryEntry } from '../../ports/messages.ts';
import type { Services } from '../services.ts';

/** What is to be kept; its place and key are made here. */
export type NewEntry = Omit<HistoryEntry, 'key' | 'seq' | 'storedAt' | 'isRemoved'>;

/** @returns `isNew` is false for a repetition, which finds what was stored first */
export interface Kept {
  readonly entry: HistoryEntry;
  readonly isNew: boolean;
}

/**
 * Puts an entry at the end of an account's history, once however often it is tried: whoever comes second finishes
 * what the first has left half done. When this resolves the entry is stored.
 */
export const keep = async ({ store, clock }: Services, wanted: NewEntry): Promise<Kept> => {
  const { messages } = store;
  const { aor } = wanted;
  const key = entryKey(wanted.id, wanted.direction, wanted.contact);
  const next = (await messages.tail(aor)) + 1;
  const storedAt = clock.now();
  let entry = await messages.claim({ ...wanted, key, seq: next, storedAt, isRemoved: false });
  const isNew = entry.storedAt === storedAt && entry.content === wanted.content && entry.seq === next;
  for (;;) {
    if (await messages.place(aor, entry.seq, key)) return { entry, isNew };
    const seq = (await messages.tail(aor)) + 1;
    const hasMoved = await messages.move(aor, key, entry.seq, seq);
    entry = hasMoved ? { ...entry, seq } : await messages.claim({ ...entry, seq });
  }
};

/** Something that happened to a conversation, for devices that come later. */
export const note = (services: Services, aor: Aor, contact: string, change: Partial<NewEntry>): Promise<Kept> =>
  keep(services, {
    aor,
    id: services.crypto.token(18),
    contact,
    direction: '',
    contentType: '',
    content: contact,
    timestamp: new Date(services.clock.now()).toISOString(),
    state: undefined,
    disposition: [],
    ...change,
  });

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
  const known = messageId === undefined ? [] : await store.messages.withId(aor, messageId);
  if (known.length > 0) return { after: Math.max(...known.map(({ seq }) => seq)), since: 0 };
  return { after: 0, since: since ?? 0 };
};
