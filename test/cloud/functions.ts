import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from './deployment.ts';
import { FunctionProcess } from './function-process.ts';
import type { Ledger } from './ledger.ts';
import { region } from './physical-names.ts';

export interface FunctionsOptions {
  readonly definitions: readonly FunctionDefinition[];
  readonly processes: 'warm' | 'cold' | 'freeze';
  /** The front of all services. */
  readonly endpoint: string;
  /** Replaces the public addresses of services in the environment by those of the emulation. */
  localized(text: string): string;
  readonly ledger: Ledger;
  onLog(functionName: string, text: string): void;
}

/** Processes of one function at once; on a small machine more would only take turns. */
const maxProcesses = 8;

/** The functions of the deployment. */
export class Functions {
  readonly #pools: ReadonlyMap<string, Pool>;

  constructor(options: FunctionsOptions) {
    this.#pools = new Map(options.definitions.map((definition) => [definition.arn, new Pool(definition, options)]));
  }

  /** @throws FunctionError when the handler throws or takes too long; Error when there is no such function or no more */
  invoke(arn: string, event: unknown): Promise<unknown> {
    const pool = this.#pools.get(arn);
    if (pool === undefined) throw new Error(`there is no function ${arn}`);
    return pool.invoke(event);
  }

  /** Ends every process as it stands, also amid an event; what comes next starts others. @returns how many were at work */
  kill(): number {
    return [...this.#pools.values()].reduce((sum, pool) => sum + pool.kill(), 0);
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }
}

/** The environments of one function: the one that was free last gets the next event. */
class Pool {
  readonly name: string;
  readonly #definition: FunctionDefinition;
  readonly #options: FunctionsOptions;
  readonly #all = new Set<FunctionProcess>();
  readonly #free: FunctionProcess[] = [];
  readonly #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(definition: FunctionDefinition, options: FunctionsOptions) {
    this.name = definition.name;
    this.#definition = definition;
    this.#options = options;
  }

  async invoke(event: unknown): Promise<unknown> {
    const environment = await this.#take();
    const { ledger } = this.#options;
    ledger.runBegins(environment.id, event);
    try {
      return await environment.invoke(structuredClone(event));
    } finally {
      ledger.runEnds(environment.id);
      this.#give(environment);
    }
  }

  kill(): number {
    const alive = [...this.#all].filter(({ isAlive }) => isAlive);
    for (const environment of alive) environment.kill();
    return alive.length - this.#free.length;
  }

  close(): void {
    this.#isClosed = true;
    this.kill();
  }

  async #take(): Promise<FunctionProcess> {
    for (;;) {
      if (this.#isClosed) throw new Error(`${this.name} has ended`);
      const free = this.#free.pop();
      if (free?.isAlive) {
        if (this.#options.processes === 'freeze') free.thaw();
        return free;
      }
      if (free !== undefined) this.#all.delete(free);
      else if (this.#all.size < maxProcesses) return this.#start();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #start(): FunctionProcess {
    const id = randomUUID();
    const environment = new FunctionProcess({
      id,
      definition: this.#definition,
      environment: { ...environmentOf(this.#definition, this.#options), AWS_SESSION_TOKEN: id },
      onLog: (text) => this.#options.onLog(this.name, text),
    });
    this.#all.add(environment);
    return environment;
  }

  #give(environment: FunctionProcess): void {
    if (this.#options.processes === 'cold') environment.kill();
    if (this.#options.processes === 'freeze') environment.freeze();
    if (environment.isAlive) this.#free.push(environment);
    else this.#all.delete(environment);
    this.#waiting.shift()?.();
  }
}

/** What the template says and what Lambda itself adds; nothing of the machine's own. */
const environmentOf = (
  { name, role, environment }: FunctionDefinition,
  { endpoint, localized }: FunctionsOptions,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, localized(value)])),
  AWS_REGION: region,
  AWS_LAMBDA_FUNCTION_NAME: name,
  // The front knows by the id of the key whose rights count.
  AWS_ACCESS_KEY_ID: role,
  AWS_SECRET_ACCESS_KEY: 'of-the-emulation',
  AWS_ENDPOINT_URL: endpoint,
});
