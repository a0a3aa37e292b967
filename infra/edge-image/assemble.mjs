import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runLogged } from '../setup/command.mjs';
import { nodeEnvironment } from '../setup/node-runtime.mjs';
import { checkout } from '../setup/places.mjs';
import { step } from '../setup/progress.mjs';
import { mediaWorker } from '../setup/worker/media-worker.mjs';

/**
 * Puts together what an edge needs to run, and nothing else, in a folder: `node infra/edge-image/assemble.mjs FOLDER`.
 * The media worker comes from the same set-up as on a machine of its own, so the tested build is what is shipped.
 */
const folder = process.argv[2];
if (!folder) throw new Error('no folder, expected: node infra/edge-image/assemble.mjs FOLDER');

const env = await nodeEnvironment();
/** Folders and files of the product, with the places that they have in the checkout. */
const parts = [
  'package.json',
  'package-lock.json',
  'functions/protocol/package.json',
  'functions/protocol/src',
  'media-edge/package.json',
  'media-edge/src',
  'infra/edge-image/start-edge.mjs',
  'infra/edge-image/public-address.mjs',
];
for (const part of parts) cpSync(join(checkout, part), join(folder, part), { recursive: true });
await step('npm packages of the edge', () =>
  // With those that it needs in a cloud only, which stand with the ones for development.
  runLogged('npm', ['ci', '--workspace', 'media-edge', '--workspace', 'functions/protocol', '--include=dev'], {
    log: 'edge-image-npm',
    cwd: folder,
    env: { ...env, MEDIASOUP_WORKER_BIN: join(folder, 'built-by-its-own-step') },
  }),
);
const worker = dirname(await mediaWorker());
mkdirSync(join(folder, 'worker'), { recursive: true });
for (const file of ['mediasoup-worker', 'udp-batch.node']) cpSync(join(worker, file), join(folder, 'worker', file));
