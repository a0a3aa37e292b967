import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Set<ChildProcess>();
// What a test that failed has left would take the processor from the next ones.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A far end that runs as a process of its own; its output is kept, so that a test can wait for a line of it. */
export class PeerProcess {
  readonly name: string;
  readonly child: ChildProcess;
  output = '';
  #waiting: { pattern: RegExp; from: number; resolve: (match: RegExpExecArray) => void }[] = [];

  constructor(
    command: string,
    args: readonly string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv; name?: string; hasInput?: boolean } = {},
  ) {
    this.name = options.name ?? command;
    this.child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.hasInput === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    running.add(this.child);
    this.child.on('exit', () => running.delete(this.child));
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear(text));
    this.child.on('error', (error) => this.#hear(`cannot start ${command}: ${error.message}\n`));
  }

  /** Types something, if it was started with an input. */
  write(text: string): void {
    this.child.stdin?.write(text);
  }

  /**
   * Resolves with the first match in what was printed since `from`.
   * @throws with the last output when nothing matched in `timeoutMs`
   */
  says(pattern: RegExp, timeoutMs = 10_000, from = 0): Promise<RegExpExecArray> {
    const already = pattern.exec(this.output.slice(from));
    if (already) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const waiting = {
        pattern,
        from,
        resolve: (match: RegExpExecArray) => {
          clearTimeout(timer);
          resolve(match);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(
          new Error(
            `${this.name} did not say ${pattern} within ${timeoutMs} ms; it said:\n${this.output.slice(-3000)}`,
          ),
        );
      }, timeoutMs);
      this.#waiting.push(waiting);
    });
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it: SIGTERM, and SIGKILL after 3 s. Safe to repeat. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.isRunning || this.child.pid === undefined) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const hard = setTimeout(() => this.child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(hard);
  }

  #hear(text: string): void {
    this.output += text;
    this.#waiting = this.#waiting.filter(({ pattern, from, resolve }) => {
      const match = pattern.exec(this.output.slice(from));
      if (match) resolve(match);
      return !match;
    });
  }
}
