/**
 * The part of Node's EventEmitter that applications of this library use, with the events typed.
 *
 * A listener that throws stops neither the others nor the library: its error is thrown on its own,
 * where the browser (or Node) reports it as uncaught.
 */
export class EventEmitter<Events extends { [Name in keyof Events]: unknown[] }> {
  #listeners: Listeners<Events> = {};

  on<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    return this.#add(name, { listener, isOnce: false });
  }

  once<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    return this.#add(name, { listener, isOnce: true });
  }

  off<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    const left = [...(this.#listeners[name] ?? [])];
    const found = left.findLastIndex((entry) => entry.listener === listener);
    if (found >= 0) left.splice(found, 1);
    this.#listeners[name] = left;
    return this;
  }

  addListener<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    return this.on(name, listener);
  }

  removeListener<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    return this.off(name, listener);
  }

  removeAllListeners(name?: keyof Events): this {
    if (name === undefined) this.#listeners = {};
    else delete this.#listeners[name];
    return this;
  }

  prependListener<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    return this.#prepend(name, { listener, isOnce: false });
  }

  prependOnceListener<Name extends keyof Events>(name: Name, listener: (...args: Events[Name]) => void): this {
    return this.#prepend(name, { listener, isOnce: true });
  }

  listeners<Name extends keyof Events>(name: Name): ((...args: Events[Name]) => void)[] {
    return (this.#listeners[name] ?? []).map(({ listener }) => listener);
  }

  /** Events that somebody listens to. */
  eventNames(): string[] {
    return Object.entries<readonly unknown[] | undefined>(this.#listeners)
      .filter(([, entries]) => entries !== undefined && entries.length > 0)
      .map(([name]) => name);
  }

  /** There is no limit to raise; applications that do so are not disturbed. */
  setMaxListeners(_count: number): this {
    return this;
  }

  listenerCount(name: keyof Events): number {
    return this.#listeners[name]?.length ?? 0;
  }

  /** @returns whether anybody listened */
  emit<Name extends keyof Events>(name: Name, ...args: Events[Name]): boolean {
    const entries = this.#listeners[name] ?? [];
    this.#listeners[name] = entries.filter((entry) => !entry.isOnce);
    for (const { listener } of entries) callSafely(() => listener(...args));
    return entries.length > 0;
  }

  #add<Name extends keyof Events>(name: Name, entry: Entry<Events[Name]>): this {
    this.#listeners[name] = [...(this.#listeners[name] ?? []), entry];
    return this;
  }

  #prepend<Name extends keyof Events>(name: Name, entry: Entry<Events[Name]>): this {
    this.#listeners[name] = [entry, ...(this.#listeners[name] ?? [])];
    return this;
  }
}

interface Entry<Args extends unknown[]> {
  readonly listener: (...args: Args) => void;
  readonly isOnce: boolean;
}

type Listeners<Events extends { [Name in keyof Events]: unknown[] }> = {
  [Name in keyof Events]?: Entry<Events[Name]>[];
};

function callSafely(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
