import { runInTerminal } from './command.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout } from './places.mjs';

/**
 * `npm run fuzz -- --seconds 60`: feeds broken messages to the code that reads what strangers send.
 * @param {readonly string[]} args passed on
 */
export async function fuzz(args) {
  const env = await nodeEnvironment();
  await npmPackages('all', env);
  const all = ['--disable-warning=ExperimentalWarning', 'test/fuzz/run.ts', ...args];
  process.exitCode = await runInTerminal('node', all, { cwd: checkout, env });
}
