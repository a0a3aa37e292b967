import type { Clock } from '../client/clock.ts';
import type { ContactPolicy } from '../client/contact-lists.ts';
import type { Memory } from './browser.ts';
import type { BlockedPerson } from './snapshot.ts';
import { isObject, readStored, writeStored } from './stored-json.ts';

/** Tells the gateway; afterwards whether it has taken that. */
type Decide = (uri: string, callback: (error: Error | null) => void) => void;

/** What a list needs of the account that it is of. */
export interface BlockingAccount {
  readonly block: Decide;
  readonly allow: Decide;
}

export interface BlockListOptions {
  readonly memory: Memory;
  readonly clock: Clock;
  /** The own address whose list it is; nobody is blocked while there is none. */
  own(): string | undefined;
  /** An address whose list the gateway keeps; absent for others, and until it is signed in. */
  account(own: string): BlockingAccount | undefined;
  changed(blocked: readonly BlockedPerson[]): void;
}

/** With `isTold` the gateway has it; what it does not have was blocked while it could not be told. */
interface KeptPerson extends BlockedPerson {
  readonly isTold?: boolean;
}

/**
 * Whom a person does not want to hear of. The gateway keeps a list for each of its addresses, which holds for all devices;
 * the browser keeps names and times beside it, what was not told yet, and the lists of addresses elsewhere. It is read
 * anew each time: the other tabs of the browser change it too.
 */
export class BlockList {
  readonly #options: BlockListOptions;
  readonly #underWay = new Set<string>();

  constructor(options: BlockListOptions) {
    this.#options = options;
  }

  /** The last one blocked first. */
  get list(): readonly BlockedPerson[] {
    const own = this.#options.own();
    return own === undefined ? [] : this.#of(own).map(({ uri, displayName, at }) => ({ uri, displayName, at }));
  }

  has(uri: string): boolean {
    return this.list.some((person) => isSame(person.uri, uri));
  }

  add({ uri, displayName }: Pick<BlockedPerson, 'uri' | 'displayName'>): void {
    const own = this.#options.own();
    if (own === undefined) return;
    const others = this.#of(own).filter((person) => !isSame(person.uri, uri));
    this.#keep(own, [{ uri, displayName, at: this.#options.clock.now() }, ...others].slice(0, mostBlocked));
    this.tell();
  }

  remove(uri: string): void {
    const own = this.#options.own();
    if (own === undefined) return;
    this.#without(own, uri);
    this.#options.account(own)?.allow(uri, () => undefined);
  }

  /** What was said for one own address goes for the other that has taken its place, or is forgotten with it. */
  move(from: string, to?: string): void {
    const { [from]: list = [], ...others } = this.#all;
    const moved = list.map(({ uri, displayName, at }) => ({ uri, displayName, at }));
    this.#write(to !== undefined && list.length > 0 ? { ...others, [to]: moved } : others);
    this.tell();
  }

  /** The gateway has told its list of this address: names and times of those who are known stay. */
  learn(own: string, { blocked }: ContactPolicy): void {
    const known = this.#of(own);
    const at = this.#options.clock.now();
    const told = blocked.map((uri) => {
      const { displayName = '', at: since = at } = known.find((person) => isSame(person.uri, uri)) ?? {};
      return { uri, displayName, at: since, isTold: true };
    });
    const untold = known.filter(({ uri, isTold }) => !isTold && !told.some((person) => isSame(person.uri, uri)));
    this.#keep(
      own,
      [...untold, ...told].toSorted((one, other) => other.at - one.at),
    );
  }

  /** Tells the gateway whom it does not know of yet, such as those who were blocked before it kept a list. */
  tell(): void {
    const own = this.#options.own();
    if (own === undefined) return;
    for (const { uri, isTold } of this.#of(own)) if (!isTold) this.#tell(own, uri);
  }

  #tell(own: string, uri: string): void {
    const account = this.#options.account(own);
    const name = `${own} ${plain(uri)}`;
    if (account === undefined || this.#underWay.has(name)) return;
    this.#underWay.add(name);
    account.block(uri, (error) => {
      this.#underWay.delete(name);
      if (error !== null) return;
      this.#keep(
        own,
        this.#of(own).map((person) => (isSame(person.uri, uri) ? { ...person, isTold: true } : person)),
      );
    });
  }

  #of(own: string): readonly KeptPerson[] {
    return this.#all[own] ?? [];
  }

  get #all(): Readonly<Record<string, readonly KeptPerson[]>> {
    return readStored(this.#options.memory, key, listsIn) ?? {};
  }

  #without(own: string, uri: string): void {
    this.#keep(
      own,
      this.#of(own).filter((person) => !isSame(person.uri, uri)),
    );
  }

  #keep(own: string, list: readonly KeptPerson[]): void {
    const { [own]: _before, ...others } = this.#all;
    this.#write(list.length > 0 ? { ...others, [own]: list } : others);
  }

  #write(all: Readonly<Record<string, readonly KeptPerson[]>>): void {
    writeStored(this.#options.memory, key, Object.keys(all).length > 0 ? all : undefined);
    this.#options.changed(this.list);
  }
}

/** As the gateway compares them: no scheme, port or parameters, and no regard to case. */
const isSame = (one: string, other: string): boolean => plain(one) === plain(other);

const plain = (uri: string): string =>
  uri
    .replace(/^sips?:/i, '')
    .replace(/(@[^:;?]+).*$/, '$1')
    .toLowerCase();

const listsIn = (value: unknown): Record<string, KeptPerson[]> | undefined =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([own, list]) => [own, Array.isArray(list) ? list.filter(isKeptPerson) : []]),
      )
    : undefined;

const isKeptPerson = (value: unknown): value is KeptPerson =>
  isObject(value) &&
  typeof value.uri === 'string' &&
  typeof value.displayName === 'string' &&
  typeof value.at === 'number' &&
  (value.isTold === undefined || typeof value.isTold === 'boolean');

const key = 'sylk.blocked';
/** As many as the gateway keeps. */
const mostBlocked = 500;
