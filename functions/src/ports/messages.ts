import type { Aor } from '@sylk/protocol/ids.ts';

/** States of a message, lowest first: they only rise. The last three are all final. */
export const messageStates = ['pending', 'accepted', 'failed', 'delivered', 'displayed', 'error'] as const;
export type MessageState = (typeof messageStates)[number];

/** One entry of an account's history: a message, or something that happened to one. */
export interface HistoryEntry {
  readonly aor: Aor;
  /** Names it in this history. */
  readonly id: string;
  /** Its place: 1 for the first, then without gaps. */
  readonly seq: number;
  readonly contact: string;
  readonly direction: 'incoming' | 'outgoing' | '';
  readonly contentType: string;
  /** Empty when it was removed. */
  readonly content: string;
  /** As the writer gave it, ISO 8601. */
  readonly timestamp: string;
  /** ms since 1970, by our clock. */
  readonly storedAt: number;
  readonly state: MessageState | 'received' | undefined;
  /** Receipts that are still wanted. */
  readonly disposition: readonly string[];
  readonly isRemoved: boolean;
}

/** How far a conversation was read and removed, as places in the history; they only rise. */
export interface ConversationMarks {
  readonly contact: string;
  readonly readUpTo: number;
  readonly removedUpTo: number;
}

/** A message, as people name it who may be mistaken, or lie: it is meant only if all of it fits. */
export type Meant = Pick<HistoryEntry, 'id' | 'direction' | 'contact'>;

/** Something that happened, which is looked for by its place. */
export const noteId = (seq: number, token: string): string => `${seq}.${token}`;

/** The place that an id may be about; messages may have such ids as well. */
export const seqOfNote = (id: string): number | undefined => {
  const seq = /^([1-9]\d{0,14})\./.exec(id)?.[1];
  return seq === undefined ? undefined : Number(seq);
};

/**
 * The histories of accounts. A message is claimed by its id, then takes its place, and counts from then on:
 * a repeated claim finds the first one, which is where a repetition goes on that found its work half done.
 * What only happened has its place at once.
 */
export interface Messages {
  /** The last place taken, 0 for none. */
  tail(aor: Aor): Promise<number>;
  /** Writes the entry unless its id is there. @returns the one that is there now */
  claim(entry: HistoryEntry): Promise<HistoryEntry>;
  /** @returns whether the place is this message's now, or was before */
  place(aor: Aor, seq: number, id: string): Promise<boolean>;
  /** Puts an entry whose id is a `noteId`, and which nobody changes later, into its place. @returns false when that is taken */
  append(entry: HistoryEntry): Promise<boolean>;
  /** Gives a claimed entry another place to try. @returns false when it had moved already */
  move(aor: Aor, id: string, from: number, to: number): Promise<boolean>;
  /** Raises the state, and says which receipts are still wanted. @returns false when it is unknown, removed, or that high already */
  raise(aor: Aor, meant: Meant, state: MessageState, disposition: readonly string[]): Promise<boolean>;
  /** Incoming messages keep their state: notes only which receipts are still wanted. */
  settle(aor: Aor, meant: Meant, disposition: readonly string[]): Promise<void>;
  /** Empties an entry; its place stays taken. @returns whether it was there */
  remove(aor: Aor, meant: Meant): Promise<boolean>;
  find(aor: Aor, id: string): Promise<HistoryEntry | undefined>;
  /** Entries in their order, those after `after`, removed ones included. */
  page(aor: Aor, after: number, limit: number): Promise<readonly HistoryEntry[]>;
  marks(aor: Aor): Promise<readonly ConversationMarks[]>;
  raiseMark(aor: Aor, contact: string, mark: 'readUpTo' | 'removedUpTo', seq: number): Promise<void>;
  publicKey(aor: Aor): Promise<string | undefined>;
  setPublicKey(aor: Aor, key: string): Promise<void>;
}
