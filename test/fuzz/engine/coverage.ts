import { type Profiler, Session } from 'node:inspector';

/** Each script's characters by its URL: 1 where one has run. */
export type Covered = Map<string, Uint8Array>;

/**
 * Which parts of our code have run, by V8's own block counters: nothing has to be instrumented. Counting must begin
 * before the code is loaded. Reading costs a millisecond or two, so it is done for many inputs at once.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #isOurs: (url: string) => boolean;
  #scratch = new Uint8Array(4096);

  /** @param isOurs tells the code that is looked at by its URL */
  constructor(isOurs: (url: string) => boolean) {
    this.#isOurs = isOurs;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Leaves out what ran since the last reading. */
  drop(): void {
    this.#take();
  }

  /**
   * Reads what ran since the last reading.
   * @param keeps whether it counts as covered from now on
   * @returns characters that had never run before
   */
  read(covered: Covered, keeps: boolean): number {
    let fresh = 0;
    for (const script of this.#take()) {
      if (!this.#isOurs(script.url)) continue;
      for (const { ranges } of script.functions) fresh += this.#paint(paintedOf(covered, script.url), ranges, keeps);
    }
    return fresh;
  }

  close(): void {
    this.#session.disconnect();
  }

  #take(): Profiler.ScriptCoverage[] {
    let taken: Profiler.ScriptCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, result) => {
      if (error !== null) throw new Error('v8 gives no coverage', { cause: error });
      taken = result.result;
    });
    return taken;
  }

  /** Ranges come outermost first; an inner one says better what happened there. */
  #paint(painted: Painted, ranges: readonly Profiler.CoverageRange[], keeps: boolean): number {
    const [whole] = ranges;
    if (whole === undefined || whole.count === 0) return 0;
    const { startOffset, endOffset } = whole;
    const length = endOffset - startOffset;
    if (this.#scratch.length < length) this.#scratch = new Uint8Array(2 * length);
    for (const range of ranges)
      this.#scratch.fill(range.count > 0 ? 1 : 0, range.startOffset - startOffset, range.endOffset - startOffset);
    const known = painted(endOffset);
    let fresh = 0;
    for (let at = 0; at < length; at++) {
      if (this.#scratch[at] === 0 || known[startOffset + at] === 1) continue;
      fresh++;
      if (keeps) known[startOffset + at] = 1;
    }
    return fresh;
  }
}

/** Gives the map of a script, as long as is asked for. */
type Painted = (length: number) => Uint8Array;

const paintedOf =
  (covered: Covered, url: string): Painted =>
  (length) => {
    const known = covered.get(url);
    if (known !== undefined && known.length >= length) return known;
    const larger = new Uint8Array(2 * length);
    if (known !== undefined) larger.set(known);
    covered.set(url, larger);
    return larger;
  };

/** Characters of source that have run. */
export function sizeOf(covered: Covered): number {
  let size = 0;
  for (const script of covered.values()) for (const byte of script) size += byte;
  return size;
}
