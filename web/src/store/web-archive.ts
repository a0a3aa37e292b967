import type { ChatJob } from './chat/chat-archive.ts';
import { type ChatArchive, type ChatChange, type KeptChat, nothingKept } from './chat/chat-archive.ts';
import type { ChatContact } from './chat/chat-history.ts';
import type { ChatMessage } from './chat/chat-message.ts';

/** Chats in IndexedDB. A browser that forbids it, or has no room left, keeps nothing over a reload. */
export class WebArchive implements ChatArchive {
  #database: Promise<IDBDatabase | undefined> | undefined;

  async load(account: string): Promise<KeptChat> {
    const database = await this.#open();
    if (database === undefined) return nothingKept;
    const stores = database.transaction(storeNames, 'readonly');
    const all = <Value>(name: StoreName): Promise<Value[]> =>
      done<Value[]>(stores.objectStore(name).getAll(ofAccount(account)));
    const [messages, contacts, jobs, cursors] = await Promise.all([
      all<Kept<ChatMessage>>('messages'),
      all<Kept<ChatContact>>('contacts'),
      all<Kept<ChatJob>>('jobs'),
      all<Kept<{ id: string }>>('cursors'),
    ]);
    return { messages, contacts, jobs, cursor: cursors[0]?.id };
  }

  async save(account: string, change: ChatChange): Promise<void> {
    const database = await this.#open();
    if (database === undefined) return;
    const transaction = database.transaction(storeNames, 'readwrite');
    const [messages, contacts, jobs, cursors] = storeNames.map((name) => transaction.objectStore(name));
    for (const key of change.removed ?? []) messages?.delete([account, key]);
    for (const message of change.messages ?? []) messages?.put({ ...message, account });
    for (const contact of change.contacts ?? []) contacts?.put({ ...contact, account });
    for (const job of change.jobs ?? []) jobs?.put({ ...job, account });
    for (const id of change.doneJobs ?? []) jobs?.delete([account, id]);
    if (change.cursor !== undefined) cursors?.put({ account, one: 0, id: change.cursor });
    await ended(transaction);
  }

  async forget(account: string): Promise<void> {
    const database = await this.#open();
    if (database === undefined) return;
    const transaction = database.transaction(storeNames, 'readwrite');
    for (const name of storeNames) transaction.objectStore(name).delete(ofAccount(account));
    await ended(transaction);
  }

  #open(): Promise<IDBDatabase | undefined> {
    this.#database ??= openDatabase();
    return this.#database;
  }
}

type Kept<Value> = Value & { readonly account: string };
type StoreName = (typeof storeNames)[number];

async function openDatabase(): Promise<IDBDatabase | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  const request = indexedDB.open('sylk-chat', 1);
  request.onupgradeneeded = () => {
    for (const name of storeNames) request.result.createObjectStore(name, { keyPath: ['account', second[name]] });
  };
  try {
    const database = await done(request);
    // A newer page wants to change the form of the database: it must not wait for this one.
    database.onversionchange = () => database.close();
    return database;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

const done = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Also when it was given up for want of room: what is on the screen stays there. */
const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => resolve();
  });

/** All keys that begin with the account: an array sorts after every string and number. */
const ofAccount = (account: string): IDBKeyRange => IDBKeyRange.bound([account], [account, []]);

const storeNames = ['messages', 'contacts', 'jobs', 'cursors'] as const;
const second = { messages: 'key', contacts: 'contact', jobs: 'id', cursors: 'one' } as const;
