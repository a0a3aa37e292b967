import type { Memory } from './browser.ts';
import type { Recent } from './snapshot.ts';
import { isObject, readStored, writeStored } from './stored-json.ts';

/** The calls of late, newest first, kept in the browser. */
export class Recents {
  readonly #memory: Memory;
  #list: readonly Recent[];

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#list = readStored(memory, key, recentsIn) ?? [];
  }

  get list(): readonly Recent[] {
    return this.#list;
  }

  /** Whether this person was called from here. */
  hasCalled(uri: string): boolean {
    return this.#list.some((recent) => recent.direction === 'outgoing' && isSameAddress(recent.uri, uri));
  }

  add(recent: Recent): void {
    this.#list = [recent, ...this.#list].sort((one, other) => other.at - one.at).slice(0, mostRecents);
    writeStored(this.#memory, key, this.#list);
  }
}

const isSameAddress = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const recentsIn = (value: unknown): Recent[] | undefined => (Array.isArray(value) ? value.filter(isRecent) : undefined);

const isRecent = (value: unknown): value is Recent =>
  isObject(value) &&
  typeof value.uri === 'string' &&
  typeof value.displayName === 'string' &&
  (value.direction === 'outgoing' || value.direction === 'incoming' || value.direction === 'missed') &&
  typeof value.at === 'number' &&
  typeof value.withVideo === 'boolean' &&
  typeof value.durationMs === 'number';

const key = 'sylk.recents';
const mostRecents = 50;
