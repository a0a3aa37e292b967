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

/** Without `isTold` the gateway does not know of it yet: it could not be told, or has not answered. */
interface KeptPerson extends BlockedPerson {
  readonly isTold?: boolean;
  /** Not blocked any more, which is all that is still to be told. */
  readonly isAllowed?: boolean;
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
    return own === undefined ? [] : this.#of(own).flatMap(asBlocked);
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
    const name = nameOf(own, uri);
    const allowed = this.#of(own).flatMap((person) => {
      if (!isSame(person.uri, uri)) return person;
      const { isTold, ...known } = person;
      return isTold || this.#underWay.has(name) ? { ...known, isAllowed: true } : [];
    });
    this.#keep(own, allowed);
    this.tell();
  }

  /** What was said for one own address goes for the other that has taken its place, or is forgotten with it. */
  move(from: string, to?: string): void {
    const { [from]: list = [], ...others } = this.#all;
    const moved = list.flatMap(asBlocked);
    this.#write(to !== undefined && moved.length > 0 ? { ...others, [to]: moved } : others);
    this.tell();
  }

  /** The gateway has told its list of this address: names and times of those who are known stay. */
  learn(own: string, { blocked }: ContactPolicy): void {
    const known = this.#of(own);
    const at = this.#options.clock.now();
    const told = blocked.map((uri) => {
      const found = known.find((person) => isSame(person.uri, uri));
      const { displayName = '', at: since = at, isAllowed = false } = found ?? {};
      return { uri, displayName, at: since, ...(isAllowed ? { isAllowed } : { isTold: true }) };
    });
    const untold = known.filter(
      ({ uri, isTold, isAllowed }) => !isTold && !isAllowed && !told.some((person) => isSame(person.uri, uri)),
    );
    this.#keep(
      own,
      [...untold, ...told].toSorted((one, other) => other.at - one.at),
    );
  }

  /** Tells the gateway what it does not know of yet, such as who was blocked before it kept a list, or in its absence. */
  tell(): void {
    const own = this.#options.own();
    if (own === undefined) return;
    for (const person of this.#of(own)) if (!person.isTold) this.#tell(own, person);
  }

  #tell(own: string, { uri, isAllowed }: KeptPerson): void {
    const account = this.#options.account(own);
    const name = nameOf(own, uri);
    if (account === undefined || this.#underWay.has(name)) return;
    this.#underWay.add(name);
    const done = (error: Error | null): void => {
      this.#underWay.delete(name);
      if (error === null) this.#told(own, uri, isAllowed === true);
    };
    if (isAllowed) account.allow(uri, done);
    else account.block(uri, done);
  }

  /** The person may have decided otherwise meanwhile: then that is told as well. */
  #told(own: string, uri: string, isAllowed: boolean): void {
    const settled = (person: KeptPerson): readonly KeptPerson[] => (isAllowed ? [] : [{ ...person, isTold: true }]);
    this.#keep(
      own,
      this.#of(own).flatMap((person) =>
        isSame(person.uri, uri) && (person.isAllowed === true) === isAllowed ? settled(person) : person,
      ),
    );
    this.tell();
  }

  #of(own: string): readonly KeptPerson[] {
    return this.#all[own] ?? [];
  }

  get #all(): Readonly<Record<string, readonly KeptPerson[]>> {
    return readStored(this.#options.memory, key, listsIn) ?? {};
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

/** As a person sees it; nothing of one who is blocked no longer. */
const asBlocked = ({ uri, displayName, at, isAllowed }: KeptPerson): readonly BlockedPerson[] =>
  isAllowed ? [] : [{ uri, displayName, at }];

const nameOf = (own: string, uri: string): string => `${own} ${plain(uri)}`;

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
  [value.isTold, value.isAllowed].every((flag) => flag === undefined || typeof flag === 'boolean');

const key = 'sylk.blocked';
/** As many as the gateway keeps. */
const mostBlocked = 500;
