import { runInTerminal } from './command.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout, entries } from './places.mjs';
import { benchNeeds, interopNeeds } from './system-needs.mjs';
import { systemPackages } from './system-packages.mjs';
import { mediaWorker } from './worker/media-worker.mjs';

/**
 * `npm run bench`: sets up what the benchmark needs and runs it.
 * @param {readonly string[]} args passed on
 */
export async function bench(args) {
  const env = await nodeEnvironment();
  await npmPackages('all', env);
  await systemPackages('the benchmark', [...interopNeeds, ...benchNeeds]);
  const worker = await mediaWorker();
  process.exitCode = await runInTerminal('node', ['--disable-warning=ExperimentalWarning', entries.bench, ...args], {
    cwd: checkout,
    env: { ...env, SYLK_WORKER_BIN: worker, MEDIASOUP_WORKER_BIN: worker },
  });
}
