import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isJsonObject } from '@sylk/protocol/json.ts';
import type { FunctionDefinition } from './deployment.ts';
import { textAt } from './json-path.ts';

/** What a caller of a function learns when its handler throws, or its time is over. */
export class FunctionError extends Error {
  readonly errorType: string;

  constructor(errorType: string, message: string) {
    super(message);
    this.name = 'FunctionError';
    this.errorType = errorType;
  }
}

export interface FunctionProcessOptions {
  /** Which it names to the services that it asks, as its session token. */
  readonly id: string;
  readonly definition: FunctionDefinition;
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  onLog(text: string): void;
}

const host = join(import.meta.dirname, 'lambda-host.ts');
const startMs = 30_000;
const running = new Set<ChildProcess>();
// A process that stands still does not notice that this one ends.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One environment of a function: a process, which has one event at a time. */
export class FunctionProcess {
  readonly #options: FunctionProcessOptions;
  readonly #child: ChildProcess;
  readonly #ready: Promise<unknown>;
  #said: ((message: unknown) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  isAlive = true;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    const { folder, handler } = options.definition;
    const [file = '', name = ''] = handler.split('.');
    const args = ['--disable-warning=ExperimentalWarning', host, join(folder, `${file}.mjs`), name];
    const stdio: ('ignore' | 'pipe' | 'ipc')[] = ['ignore', 'pipe', 'pipe', 'ipc'];
    this.#child = spawn(process.execPath, args, { env: { ...options.environment }, stdio });
    running.add(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => options.onLog(text));
    this.#child.on('message', (message) => this.#said?.(message));
    this.#child.on('exit', (code, signal) => this.#ended(`exited with ${code ?? signal}`));
    this.#child.on('error', (error) => this.#ended(error.message));
    this.#ready = this.#next(startMs);
    // Whoever invokes it learns why it did not start.
    this.#ready.catch(() => this.kill());
  }

  get id(): string {
    return this.#options.id;
  }

  /** @throws FunctionError */
  async invoke(event: unknown): Promise<unknown> {
    const { timeoutMs } = this.#options.definition;
    await this.#ready;
    const answer = this.#next(timeoutMs);
    this.#child.send({ id: randomUUID(), event, deadline: Date.now() + timeoutMs });
    const said = await answer;
    if (!isJsonObject(said) || said.error === undefined) return isJsonObject(said) ? said.result : undefined;
    throw new FunctionError(textAt(said, 'error', 'name'), textAt(said, 'error', 'message'));
  }

  /** Its processor is taken away: nothing goes on until `thaw`. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  kill(): void {
    this.isAlive = false;
    running.delete(this.#child);
    this.#child.kill('SIGKILL');
  }

  #next(limitMs: number): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      this.kill();
      const error = new FunctionError('Sandbox.Timedout', `Task timed out after ${limitMs / 1000} seconds`);
      reject(error);
    }, limitMs);
    const settled =
      <Value>(settle: (value: Value) => void) =>
      (value: Value) => {
        clearTimeout(timer);
        settle(value);
      };
    this.#said = settled(resolve);
    this.#failed = settled(reject);
    return promise;
  }

  #ended(why: string): void {
    this.isAlive = false;
    running.delete(this.#child);
    this.#failed?.(new FunctionError('Runtime.ExitError', `${this.#options.definition.name} ${why}`));
  }
}
