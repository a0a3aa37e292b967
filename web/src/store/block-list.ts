import type { Clock } from '../client/clock.ts';
import type { Memory } from './browser.ts';
import type { BlockedPerson } from './snapshot.ts';
import { isObject, readStored, writeStored } from './stored-json.ts';

export interface BlockListOptions {
  readonly memory: Memory;
  readonly clock: Clock;
  /** The own address whose list it is; nobody is blocked while there is none. */
  own(): string | undefined;
  changed(blocked: readonly BlockedPerson[]): void;
}

/**
 * Whom a person does not want to be called by, kept in the browser for each own address. It is read anew each time:
 * the other tabs of the browser change it too.
 */
export class BlockList {
  readonly #options: BlockListOptions;

  constructor(options: BlockListOptions) {
    this.#options = options;
  }

  /** The last one blocked first. */
  get list(): readonly BlockedPerson[] {
    const own = this.#options.own();
    return own === undefined ? [] : (this.#all[own] ?? []);
  }

  has(uri: string): boolean {
    return this.list.some((person) => isSame(person.uri, uri));
  }

  add({ uri, displayName }: Pick<BlockedPerson, 'uri' | 'displayName'>): void {
    const others = this.list.filter((person) => !isSame(person.uri, uri));
    this.#keep([{ uri, displayName, at: this.#options.clock.now() }, ...others].slice(0, mostBlocked));
  }

  remove(uri: string): void {
    this.#keep(this.list.filter((person) => !isSame(person.uri, uri)));
  }

  /** What was said for one own address goes for the other that has taken its place, or is forgotten with it. */
  move(from: string, to?: string): void {
    const { [from]: list = [], ...others } = this.#all;
    this.#write(to !== undefined && list.length > 0 ? { ...others, [to]: list } : others);
  }

  get #all(): Readonly<Record<string, readonly BlockedPerson[]>> {
    return readStored(this.#options.memory, key, listsIn) ?? {};
  }

  #keep(list: readonly BlockedPerson[]): void {
    const own = this.#options.own();
    if (own === undefined) return;
    const { [own]: _before, ...others } = this.#all;
    this.#write(list.length > 0 ? { ...others, [own]: list } : others);
  }

  #write(all: Readonly<Record<string, readonly BlockedPerson[]>>): void {
    writeStored(this.#options.memory, key, Object.keys(all).length > 0 ? all : undefined);
    this.#options.changed(this.list);
  }
}

/** Domains, and in practice names, are the same in capitals. */
const isSame = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (uri: string): string => uri.replace(/^sips?:/i, '').toLowerCase();

const listsIn = (value: unknown): Record<string, BlockedPerson[]> | undefined =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([own, list]) => [own, Array.isArray(list) ? list.filter(isBlockedPerson) : []]),
      )
    : undefined;

const isBlockedPerson = (value: unknown): value is BlockedPerson =>
  isObject(value) &&
  typeof value.uri === 'string' &&
  typeof value.displayName === 'string' &&
  typeof value.at === 'number';

const key = 'sylk.blocked';
/** What fits easily into the few megabytes of a browser's storage. */
const mostBlocked = 500;
