import { copyFileSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeEnvironment } from '../setup/node-runtime.mjs';
import { npmPackages } from '../setup/npm-packages.mjs';
import { mediaWorker } from '../setup/worker/media-worker.mjs';

/** `node infra/edge-image/worker.mjs OUTPUT`: builds the parts of an edge that are in C and C++, and copies them there. */
const output = process.argv[2];
if (output === undefined) throw new Error('expected the folder that gets the files');
await npmPackages('all', await nodeEnvironment());
const worker = realpathSync(await mediaWorker());
mkdirSync(output, { recursive: true });
copyFileSync(worker, join(output, 'mediasoup-worker'));
const library = join(dirname(worker), 'udp-batch.node');
if (!existsSync(library)) throw new Error(`there is no ${library}: the image needs a C compiler to build it`);
copyFileSync(library, join(output, 'udp-batch.node'));
