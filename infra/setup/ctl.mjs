import { runInTerminal } from './command.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout, entries } from './places.mjs';

/**
 * `npm run ctl -- ...`: a command to the gateway that runs on this machine.
 * @param {readonly string[]} args passed on
 */
export async function ctl(args) {
  const env = await nodeEnvironment();
  await npmPackages('run', env);
  process.exitCode = await runInTerminal('node', ['--disable-warning=ExperimentalWarning', entries.ctl, ...args], {
    cwd: checkout,
    env,
  });
}
