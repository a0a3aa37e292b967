import type { Aor } from '@sylk/protocol/ids.ts';

/** States of a message, lowest first: they only rise. The last three are all final. */
export const messageStates = ['pending', 'accepted', 'failed', 'delivered', 'displayed', 'error'] as const;
export type MessageState = (typeof messageStates)[number];

/** One entry of an account's history: a message, or something that happened to one. */
export interface HistoryEntry {
  readonly aor: Aor;
  /** Names it in this history; see `entryKey`. */
  readonly key: string;
  /** Its place: 1 for the first, then without gaps. */
  readonly seq: number;
  readonly id: string;
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

/** Somebody chose an id, so it is unique for one conversation and direction only. */
export const entryKey = (id: string, direction: string, contact: string): string =>
  JSON.stringify([id, direction, contact]);

/**
 * The histories of accounts. An entry is claimed by its key, then takes its place, and counts from then on:
 * a repeated claim finds the first one, which is where a repetition goes on that found its work half done.
 */
export interface Messages {
  /** The last place taken, 0 for none. */
  tail(aor: Aor): Promise<number>;
  /** Writes the entry unless its key is there. @returns the one that is there now */
  claim(entry: HistoryEntry): Promise<HistoryEntry>;
  /** @returns whether the place is this key's now, or was before */
  place(aor: Aor, seq: number, key: string): Promise<boolean>;
  /** Gives a claimed entry another place to try. @returns false when it had moved already */
  move(aor: Aor, key: string, from: number, to: number): Promise<boolean>;
  /** Raises the state, and says which receipts are still wanted. @returns false when it is unknown, removed, or that high already */
  raise(aor: Aor, key: string, state: MessageState, disposition: readonly string[]): Promise<boolean>;
  /** Incoming messages keep their state: notes only which receipts are still wanted. */
  settle(aor: Aor, key: string, disposition: readonly string[]): Promise<void>;
  /** Empties an entry; its place stays taken. @returns whether it was there */
  remove(aor: Aor, key: string): Promise<boolean>;
  /** All entries with this id, of whatever conversation. */
  withId(aor: Aor, id: string): Promise<readonly HistoryEntry[]>;
  /** Entries in their order, those after `after`, removed ones included. */
  page(aor: Aor, after: number, limit: number): Promise<readonly HistoryEntry[]>;
  marks(aor: Aor): Promise<readonly ConversationMarks[]>;
  raiseMark(aor: Aor, contact: string, mark: 'readUpTo' | 'removedUpTo', seq: number): Promise<void>;
  publicKey(aor: Aor): Promise<string | undefined>;
  setPublicKey(aor: Aor, key: string): Promise<void>;
}
