/** One thing that the platform may do and a machine of one's own does not. */
export const singleModes = [
  /** Every run of a function is the first of its process. */
  'cold',
  /** A process stands still from the moment its handler returns to the next event. */
  'freeze',
  /** Messages come late and in any order, also after the end of their connection. */
  'delay',
  /** Messages of connections and jobs of the queue come twice. */
  'duplicate',
  /** Nobody is told that a connection ended. */
  'lost-disconnect',
  /** A connection is cut when something is posted to it. */
  'gone',
  /** A connection that failed looks open for some time. */
  'half-open',
  /** The table refuses requests, or carries them out and says that it failed. */
  'throttled-store',
  /** Posts to connections are refused for being too many. */
  'throttled-posts',
] as const;

export type SingleMode = (typeof singleModes)[number];

/** All of them at once, but those that say how processes live, which are two opposites. */
export type Mode = SingleMode | 'hostile';

const longestDelayMs = 120;
const halfOpenMs = 5_000;

/** Decides what goes wrong. The same seed decides the same things in the same order. */
export class Faults {
  readonly seed: number;
  readonly #modes: ReadonlySet<Mode>;
  #state: number;

  constructor(modes: readonly Mode[], seed = Math.floor(Math.random() * 2 ** 31)) {
    this.seed = seed;
    this.#modes = new Set(modes);
    this.#state = seed;
  }

  get processes(): 'warm' | 'cold' | 'freeze' {
    if (this.#modes.has('cold')) return 'cold';
    return this.#modes.has('freeze') ? 'freeze' : 'warm';
  }

  /** How long a message or job stays on its way, in ms. */
  delayMs(): number {
    return this.#has('delay') ? this.#next() * longestDelayMs : 0;
  }

  comesTwice(): boolean {
    return this.#happens('duplicate', 0.15);
  }

  losesDisconnect(): boolean {
    return this.#modes.has('lost-disconnect') || this.#happens('lost-disconnect', 0.5);
  }

  cutsOnPost(): boolean {
    return this.#happens('gone', 0.03);
  }

  /** How long a connection that failed looks open, in ms. */
  halfOpenMs(): number {
    return this.#happens('half-open', 0.5) ? halfOpenMs : 0;
  }

  store(): 'works' | 'throttled' | 'loses its answer' {
    if (this.#happens('throttled-store', 0.08)) return 'throttled';
    return this.#happens('throttled-store', 0.03) ? 'loses its answer' : 'works';
  }

  refusesPost(): boolean {
    return this.#happens('throttled-posts', 0.1);
  }

  /** Headers reach functions as the client or a proxy wrote them. */
  headerName(name: string): string {
    return this.#next() < 0.5 ? name.toLowerCase() : name;
  }

  #has(mode: SingleMode): boolean {
    return this.#modes.has(mode) || this.#modes.has('hostile');
  }

  #happens(mode: SingleMode, chance: number): boolean {
    return this.#has(mode) && this.#next() < chance;
  }

  /** From 0 to 1, by the generator known as mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
