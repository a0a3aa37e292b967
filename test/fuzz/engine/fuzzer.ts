import { Worker } from 'node:worker_threads';
import type { TargetProgress, WorkerNews, WorkerTask } from '../worker.ts';
import { Beacon } from './beacon.ts';
import type { Finding } from './finding.ts';

export interface FuzzOptions {
  /** Names; see `targets.ts`. */
  readonly targets: readonly string[];
  readonly seconds: number;
  /** The same seed makes the same inputs, as far as the time for each target is the same. */
  readonly seed: number;
  /** Folder of inputs kept from earlier runs. */
  readonly corpus: string;
  /** A fault that is put into the target to be found; see `planted.ts`. */
  readonly planted?: string;
  /** How long each target has its turn. */
  readonly sliceMs?: number;
  /** An input that takes longer hangs. */
  readonly hangMs?: number;
  /** True to end with the first finding. */
  readonly endsAtFirst?: boolean;
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (report: FuzzReport) => void;
}

export interface FuzzReport {
  readonly findings: readonly Finding[];
  readonly seconds: number;
  readonly executions: number;
  readonly targets: readonly TargetProgress[];
  /** Inputs that showed something new, by target. */
  readonly inputs: ReadonlyMap<string, readonly Uint8Array[]>;
}

/** Fuzzes in a thread of its own, which is watched and started anew where it hangs. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const run = new FuzzRun(options);
  try {
    return await run.done();
  } finally {
    await run.end();
  }
}

/** How long the thread may take to say what it has. */
const goodbyeMs = 10_000;
const watchMs = 250;

class FuzzRun {
  readonly #options: FuzzOptions;
  readonly #started = performance.now();
  readonly #findings: Finding[] = [];
  readonly #inputs = new Map<string, readonly Uint8Array[]>();
  /** Of threads that hung. */
  readonly #former: TargetProgress[] = [];
  #latest: readonly TargetProgress[] = [];
  #targets: readonly string[];
  #beacon = new Beacon();
  #worker: Worker;
  #failure: Error | undefined;
  #isOver = false;

  constructor(options: FuzzOptions) {
    this.#options = options;
    this.#targets = options.targets;
    this.#worker = this.#start();
  }

  async done(): Promise<FuzzReport> {
    const { seconds, endsAtFirst = false, onProgress } = this.#options;
    let progress = { begun: -1, at: performance.now() };
    let toldAt = performance.now();
    while (this.#elapsed() < seconds && this.#targets.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, watchMs));
      if (this.#failure !== undefined) throw this.#failure;
      if (endsAtFirst && this.#findings.length > 0) break;
      if (this.#beacon.begun !== progress.begun) progress = { begun: this.#beacon.begun, at: performance.now() };
      else if (this.#isHanging(progress.at)) await this.#startAnew();
      if (performance.now() - toldAt < 10_000) continue;
      toldAt = performance.now();
      onProgress?.(this.#report());
    }
    await this.#goodbye();
    return this.#report();
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #elapsed(): number {
    return (performance.now() - this.#started) / 1000;
  }

  #isHanging(since: number): boolean {
    return this.#beacon.isWithin && performance.now() - since > (this.#options.hangMs ?? 10_000);
  }

  /** The target that hangs is left out from now on: its next input would most likely hang as well. */
  async #startAnew(): Promise<void> {
    const { target, input } = this.#beacon.current;
    const name = this.#targets[target] ?? 'unknown';
    await this.#worker.terminate();
    this.#found({ target: name, kind: 'hang', reason: 'an input does not come to an end', input });
    this.#former.push(...this.#latest);
    this.#latest = [];
    this.#targets = this.#targets.filter((one) => one !== name);
    this.#beacon = new Beacon();
    if (this.#targets.length > 0) this.#worker = this.#start();
  }

  #start(): Worker {
    const { corpus, seed, planted, sliceMs = 1_000 } = this.#options;
    const { memory } = this.#beacon;
    const task: WorkerTask = { memory, targets: this.#targets, planted, corpus, seed, sliceMs };
    const worker = new Worker(new URL('../worker.ts', import.meta.url), { workerData: task });
    worker.on('message', (news: WorkerNews) => this.#hear(news));
    worker.on('error', (error) => {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    });
    return worker;
  }

  #hear(news: WorkerNews): void {
    if (news.kind === 'finding') this.#found(news.finding);
    else if (news.kind === 'progress') this.#latest = news.targets;
    else if (news.kind === 'inputs') this.#inputs.set(news.target, news.inputs);
    else this.#isOver = true;
  }

  #found(finding: Finding): void {
    this.#findings.push(finding);
    this.#options.onFinding?.(finding);
  }

  /** Lets the thread hand over its inputs. */
  async #goodbye(): Promise<void> {
    if (this.#targets.length === 0) return;
    this.#worker.postMessage('end');
    for (const until = performance.now() + goodbyeMs; !this.#isOver && performance.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  #report(): FuzzReport {
    const targets = [...this.#former, ...this.#latest];
    return {
      findings: this.#findings,
      seconds: this.#elapsed(),
      executions: targets.reduce((sum, { executions }) => sum + executions, 0),
      targets,
      inputs: this.#inputs,
    };
  }
}
