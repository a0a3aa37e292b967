import { runInTerminal } from './command.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout } from './places.mjs';

/**
 * `npm run probe -- https://phone.example.org`: tries a gateway from outside, with a call and its media.
 * @param {readonly string[]} args passed on
 */
export async function probe(args) {
  const env = await nodeEnvironment();
  await npmPackages('all', env);
  const script = 'test/probe/main.ts';
  const all = ['--disable-warning=ExperimentalWarning', script, ...args];
  process.exitCode = await runInTerminal('node', all, { cwd: checkout, env });
}
