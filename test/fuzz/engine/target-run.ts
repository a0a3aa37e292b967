import type { Beacon } from './beacon.ts';
import { Corpus } from './corpus.ts';
import { type Coverage, type Covered, sizeOf } from './coverage.ts';
import { type Finding, type FindingKind, Violation } from './finding.ts';
import { heldBytes, LeakWatch } from './heap.ts';
import { mutate } from './mutate.ts';
import type { Random } from './random.ts';
import { shrink } from './shrink.ts';
import type { Target } from './target.ts';

export interface TargetRunOptions {
  readonly target: Target;
  /** Its place among the targets of this run. */
  readonly index: number;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly beacon: Beacon;
  readonly onFinding: (finding: Finding) => void;
}

/** Inputs between two readings of the coverage. */
const batchSize = 64;
/** An input needs no more of the processor than this, in ms; a datagram takes a fraction of one. */
const usualSlowMs = 25;
const usualMaxBytes = 8 * 1024;
/** Longer than any timer of a target. */
const drainMs = 400;

/** The fuzzing of one target: its inputs, and what they have shown so far. */
export class TargetRun {
  readonly #options: TargetRunOptions;
  readonly #corpus: Corpus;
  readonly #covered: Covered = new Map();
  readonly #leaks = new LeakWatch();
  readonly #known = new Set<string>();
  executions = 0;

  constructor(options: TargetRunOptions) {
    this.#options = options;
    this.#corpus = new Corpus(options.target.seeds);
  }

  /** Runs what is known already. @param kept inputs of earlier runs */
  async begin(kept: readonly Uint8Array[]): Promise<void> {
    for (const input of [...this.#options.target.seeds, ...kept]) await this.#tryAlone(input);
  }

  get name(): string {
    return this.#options.target.name;
  }

  get coverage(): number {
    return sizeOf(this.#covered);
  }

  /** Inputs that each showed something new. */
  get inputs(): readonly Uint8Array[] {
    return this.#corpus.inputs;
  }

  /** Fuzzes for so long, and looks whether memory was left over. */
  async slice(ms: number): Promise<void> {
    const { target, coverage, onFinding } = this.#options;
    const before = { held: heldBytes() - this.#corpus.bytes, executions: this.executions };
    coverage.drop();
    let last: Uint8Array = new Uint8Array(0);
    for (const until = performance.now() + ms; performance.now() < until; ) {
      last = await this.#batch();
      await target.settle?.();
    }
    await this.#drain();
    const grown = heldBytes() - this.#corpus.bytes - before.held;
    if (this.#leaks.grew(grown, this.executions - before.executions) && !this.#known.has('leak')) {
      this.#known.add('leak');
      onFinding({ target: target.name, kind: 'leak', reason: 'memory grows with each input', input: last });
    }
  }

  /** What is under way is no leak: timers of the last inputs run out first. */
  async #drain(): Promise<void> {
    const { settle } = this.#options.target;
    if (settle === undefined) return;
    for (const until = performance.now() + drainMs; performance.now() < until; ) await settle();
  }

  async #batch(): Promise<Uint8Array> {
    const { target, random, coverage } = this.#options;
    const { dictionary, maxBytes = usualMaxBytes } = target;
    const other = () => this.#corpus.pick(random);
    const inputs = Array.from({ length: batchSize }, () =>
      mutate(this.#corpus.pick(random), { random, dictionary, maxBytes, other }),
    );
    for (const input of inputs) await this.#run(input);
    if (coverage.read(this.#covered, false) > 0) await this.#narrow(inputs);
    return inputs.at(-1) ?? new Uint8Array(0);
  }

  /** Finds those that showed something new, by halves. */
  async #narrow(inputs: readonly Uint8Array[]): Promise<void> {
    const [first] = inputs;
    if (first !== undefined && inputs.length === 1) return this.#tryAlone(first);
    const half = Math.ceil(inputs.length / 2);
    for (const part of [inputs.slice(0, half), inputs.slice(half)]) {
      for (const input of part) await this.#run(input);
      if (this.#options.coverage.read(this.#covered, false) > 0) await this.#narrow(part);
    }
  }

  /** Keeps the input if it shows what none before it did. */
  async #tryAlone(input: Uint8Array): Promise<void> {
    const { coverage } = this.#options;
    coverage.drop();
    await this.#run(input);
    if (coverage.read(this.#covered, true) > 0 || this.#corpus.size === 0) this.#corpus.add(input);
  }

  async #run(input: Uint8Array): Promise<void> {
    this.executions++;
    const started = performance.now();
    const fault = await this.#faultOf(input);
    if (fault !== undefined) return this.#found(fault, input);
    const { slowMs = usualSlowMs } = this.#options.target;
    if (performance.now() - started > slowMs && (await this.#isSlow(input, slowMs)))
      await this.#found({ kind: 'slow', reason: `takes over ${slowMs} ms of the processor` }, input);
  }

  /** The machine may have been busy with something else: the processor's own time counts, the best of three. */
  async #isSlow(input: Uint8Array, slowMs: number): Promise<boolean> {
    for (let time = 0; time < 3; time++) {
      const before = process.threadCpuUsage();
      await this.#faultOf(input);
      if (process.threadCpuUsage(before).user <= slowMs * 1000) return false;
    }
    return true;
  }

  async #faultOf(input: Uint8Array): Promise<Fault | undefined> {
    const { target, beacon, index } = this.#options;
    beacon.begin(index, input);
    try {
      // A copy, which `slice` of a Buffer is not: what a target changes in place is not what is kept.
      const work = target.run(new Uint8Array(input));
      if (work !== undefined) await work;
      return undefined;
    } catch (error) {
      return faultFrom(error);
    } finally {
      beacon.end();
    }
  }

  async #found({ kind, reason }: Fault, input: Uint8Array): Promise<void> {
    const name = `${kind} ${reason}`;
    if (this.#known.has(name)) return;
    this.#known.add(name);
    const isSame = async (smaller: Uint8Array) => {
      const fault = await this.#faultOf(smaller);
      return fault?.kind === kind && fault.reason === reason;
    };
    const smallest = kind === 'slow' ? input : await shrink(input, isSame);
    this.#options.onFinding({ target: this.name, kind, reason, input: smallest });
  }
}

interface Fault {
  readonly kind: FindingKind;
  readonly reason: string;
}

function faultFrom(error: unknown): Fault {
  if (error instanceof Violation) return { kind: 'wrong', reason: error.message };
  if (!(error instanceof Error)) return { kind: 'throw', reason: String(error) };
  const [place = ''] = /\s+at .*/.exec(error.stack ?? '') ?? [];
  return { kind: 'throw', reason: `${error.name} ${place.trim()}` };
}
