import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PeerProcess } from './process.ts';

/** A SIPp that runs a scenario; its own files lie in a folder that is removed at the end. */
export class Sipp {
  readonly #process: PeerProcess;
  readonly #folder: string;

  private constructor(process: PeerProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
  }

  /** @param args as on its command line: scenario, ports, rate, count */
  static async start(args: readonly string[]): Promise<Sipp> {
    const folder = await mkdtemp(join(tmpdir(), 'sylk-sipp-'));
    const address = args.includes('-i') ? [] : ['-i', '127.0.0.1'];
    const all = [...address, '-nostdin', '-trace_err', ...args];
    return new Sipp(new PeerProcess('sipp', all, { cwd: folder, name: 'sipp' }), folder);
  }

  /** Waits until it has done all its calls. @throws Error with its log when any failed */
  async succeeds(timeoutMs = 30_000): Promise<void> {
    const { child } = this.#process;
    if (this.#process.isRunning) await Promise.race([once(child, 'exit'), this.#tooLate(timeoutMs)]);
    if (child.exitCode !== 0)
      throw new Error(`sipp ended with ${child.exitCode ?? child.signalCode}\n${await this.#log()}`);
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tooLate(timeoutMs: number): Promise<never> {
    await new Promise((resolve) => setTimeout(resolve, timeoutMs).unref());
    throw new Error(`sipp was not done in ${timeoutMs} ms\n${await this.#log()}`);
  }

  async #log(): Promise<string> {
    const names = (await readdir(this.#folder)).filter((name) => name.includes('errors'));
    const logs = await Promise.all(names.map((name) => readFile(join(this.#folder, name), 'utf8')));
    return `${logs.join('\n').slice(-3_000)}\n${this.#process.output.slice(-2_500)}`;
  }
}
