import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from '../failure.mjs';
import { locked } from '../lock.mjs';
import { cache } from '../places.mjs';
import { step } from '../progress.mjs';
import { workerBuildNeeds } from '../system-needs.mjs';
import { systemPackages } from '../system-packages.mjs';
import { toolchainFingerprint } from './toolchain.mjs';
import { udpLibrary } from './udp-library.mjs';
import { buildWorker } from './worker-build.mjs';
import { faultOfWorker } from './worker-proof.mjs';
import { sourceFingerprint } from './worker-source.mjs';

const folder = join(cache, 'worker');

/**
 * A media worker that starts on this machine: the one that the setting names, else one from the cache, else
 * one built now.
 *
 * @returns {Promise<string>} path of the binary
 */
export async function mediaWorker() {
  const given = process.env.SYLK_WORKER_BIN;
  if (given) return checked(given);
  const source = sourceFingerprint();
  const worker = (await soundWorker(source)) ?? (await newWorker(source));
  await udpLibrary(worker);
  return worker;
}

/** @param {string} source */
async function soundWorker(source) {
  const cached = await cachedWorker(source);
  return cached && !(await faultOfWorker(cached)) ? cached : undefined;
}

/** @param {string} source */
async function newWorker(source) {
  await systemPackages('building the media worker', workerBuildNeeds);
  return build(join(folder, `${source}-${await toolchainFingerprint()}`, 'mediasoup-worker'));
}

/** @param {string} given */
async function checked(given) {
  const fault = await faultOfWorker(given);
  if (!fault) return given;
  throw new SetupFailure(
    `the media worker of SYLK_WORKER_BIN does not start: ${given}: ${fault}`,
    'name a worker of the same mediasoup release, or leave the setting out to have one built',
  );
}

/**
 * Without compiler and libraries for building, which a machine that only runs the gateway need not have, any
 * worker of the same source will do if it starts.
 *
 * @param {string} source
 * @returns {Promise<string | undefined>}
 */
async function cachedWorker(source) {
  const toolchain = await toolchainFingerprint();
  return workersOf(source).find((path) => !toolchain || path.includes(`${source}-${toolchain}`));
}

/**
 * @param {string} source
 * @returns {string[]} paths, newest first
 */
function workersOf(source) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${source}-`))
    .map((name) => join(folder, name, 'mediasoup-worker'))
    .filter((path) => existsSync(path))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
}

/** @param {string} binary */
async function build(binary) {
  await step('media worker from source', (detail) =>
    locked(
      'worker',
      async () => {
        if (existsSync(binary) && !(await faultOfWorker(binary))) return;
        await buildWorker(binary, detail);
      },
      () => detail('waiting for another set-up that builds it'),
    ),
  );
  return binary;
}
