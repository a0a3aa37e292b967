import { existsSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from './check.mjs';
import { synth } from './cloud.mjs';
import { runInTerminal } from './command.mjs';
import { SetupFailure } from './failure.mjs';
import { nodeEnvironment } from './node-runtime.mjs';
import { npmPackages } from './npm-packages.mjs';
import { checkout } from './places.mjs';
import { interopNeeds } from './system-needs.mjs';
import { systemPackages } from './system-packages.mjs';
import { byRing, needsTemplates, testFiles } from './testing/rings.mjs';
import { mediaWorker } from './worker/media-worker.mjs';

/**
 * `npm test`: sets up what the tests need, checks the code and runs all tests; with arguments, only the files named.
 *
 * @param {readonly string[]} named
 */
export async function test(named) {
  const files = named.length > 0 ? named.map(belowCheckout) : testFiles(checkout);
  const env = await setUp(files);
  if (named.length === 0) await check();
  if (files.some(needsTemplates)) await synth([]);
  if (process.exitCode) return;
  const runner = fileURLToPath(new URL('./testing/run-rings.mjs', import.meta.url));
  process.exitCode = await runInTerminal('node', [runner, ...files], { cwd: checkout, env });
}

/**
 * @param {readonly string[]} files
 * @returns {Promise<NodeJS.ProcessEnv>} the environment for the tests
 */
async function setUp(files) {
  const rings = byRing(files).map(({ ring }) => ring);
  const env = await nodeEnvironment();
  await npmPackages('all', env);
  if (rings.some(({ needsPeers }) => needsPeers))
    await systemPackages('testing with browsers and phones', interopNeeds);
  if (!rings.some(({ needsWorker }) => needsWorker)) return env;
  const worker = await mediaWorker();
  return { ...env, SYLK_WORKER_BIN: worker, MEDIASOUP_WORKER_BIN: worker };
}

/** @param {string} name a file, as seen from the working directory of the caller */
function belowCheckout(name) {
  const path = resolve(process.env.INIT_CWD ?? '.', name);
  if (!existsSync(path))
    throw new SetupFailure(
      `no such test file: ${name}`,
      'name files, for example: npm test -- test/contract/store.test.ts',
    );
  return relative(checkout, path).split(sep).join('/');
}
