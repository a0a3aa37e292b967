import { synth } from './cloud.mjs';
import { runInTerminal } from './command.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout } from './places.mjs';
import { mediaWorker } from './worker/media-worker.mjs';

/** `npm run scale`: counts what each step costs on the emulated cloud, and writes docs/scale.md. */
export async function scale() {
  const env = await nodeEnvironment();
  await npmPackages('all', env);
  const worker = await mediaWorker();
  await synth([]);
  if (process.exitCode) return;
  const all = ['--disable-warning=ExperimentalWarning', 'test/scale/run.ts'];
  process.exitCode = await runInTerminal('node', all, { cwd: checkout, env: { ...env, SYLK_WORKER_BIN: worker } });
}
