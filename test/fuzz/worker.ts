/** The thread that fuzzes. It is watched from outside (`engine/fuzzer.ts`), as it cannot report its own hanging. */
import { parentPort, workerData } from 'node:worker_threads';
import { Beacon } from './engine/beacon.ts';
import { keptInputs } from './engine/corpus.ts';
import { Coverage } from './engine/coverage.ts';
import type { Finding } from './engine/finding.ts';
import { Random } from './engine/random.ts';
import type { Target } from './engine/target.ts';
import { TargetRun } from './engine/target-run.ts';

/** What the thread is started with. */
export interface WorkerTask {
  readonly memory: SharedArrayBuffer;
  readonly targets: readonly string[];
  /** A fault put into the target; see `planted.ts`. */
  readonly planted: string | undefined;
  readonly corpus: string;
  readonly seed: number;
  readonly sliceMs: number;
}

/** What it tells. */
export type WorkerNews =
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'progress'; readonly targets: readonly TargetProgress[] }
  | { readonly kind: 'inputs'; readonly target: string; readonly inputs: readonly Uint8Array[] }
  /** The last one. */
  | { readonly kind: 'over' };

export interface TargetProgress {
  readonly name: string;
  readonly executions: number;
  /** Inputs in its corpus. */
  readonly inputs: number;
  /** Characters of source that have run. */
  readonly covered: number;
}

/** Works until it is told to end. */
async function fuzz(task: WorkerTask): Promise<void> {
  const tell = (news: WorkerNews) => parentPort?.postMessage(news);
  const beacon = new Beacon(task.memory);
  // Before any code of ours is loaded: what is compiled earlier is not counted.
  const coverage = new Coverage((url) => /\/(media-edge|functions\/protocol)\/src\//.test(url));
  const { targetsCalled } = await import('./targets.ts');
  const random = new Random(task.seed);
  const onFinding = (finding: Finding) => tell({ kind: 'finding', finding });
  const targets = await targetsCalled(task.targets, task.planted);
  process.on('unhandledRejection', (reason) => onFinding(lateFinding(targets, beacon, reason)));
  const runs = targets.map((target, index) => new TargetRun({ target, index, random, coverage, beacon, onFinding }));
  for (const run of runs) await run.begin(task.planted === undefined ? keptInputs(task.corpus, run.name) : []);
  const wish = { isOver: false };
  parentPort?.once('message', () => {
    wish.isOver = true;
  });
  while (!wish.isOver) await fuzzInTurn(runs, { sliceMs: task.sliceMs, wish, tell });
  for (const { name, inputs } of runs) tell({ kind: 'inputs', target: name, inputs });
  tell({ kind: 'over' });
}

/** A promise that nobody waited for; it belongs to the input of the moment, most likely. */
function lateFinding(targets: readonly Target[], beacon: Beacon, error: unknown): Finding {
  const { target, input } = beacon.current;
  const [, place = ''] = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return {
    target: targets[target]?.name ?? 'unknown',
    kind: 'throw',
    reason: `later: ${error} ${place.trim()}`,
    input,
  };
}

interface Turn {
  readonly sliceMs: number;
  readonly wish: { readonly isOver: boolean };
  readonly tell: (news: WorkerNews) => void;
}

async function fuzzInTurn(runs: readonly TargetRun[], { sliceMs, wish, tell }: Turn): Promise<void> {
  for (const run of runs) {
    if (wish.isOver) return;
    await run.slice(sliceMs);
    tell({ kind: 'progress', targets: runs.map(progressOf) });
    // Messages come and go between two turns of the event loop only.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const progressOf = ({ name, executions, inputs, coverage }: TargetRun): TargetProgress => ({
  name,
  executions,
  inputs: inputs.length,
  covered: coverage,
});

await fuzz(workerData);
