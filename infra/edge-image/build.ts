import { join } from 'node:path';
import { bundleEdge } from '../lib/bundle-edge.ts';

/** `node infra/edge-image/build.ts OUTPUT`: writes what the image of an edge runs. */
const output = process.argv[2];
if (output === undefined) throw new Error('expected the folder that gets the files');
const bytes = await bundleEdge(join(import.meta.dirname, '../..'), output);
console.log(`${output}: ${(bytes / 1000).toFixed(0)} KB`);
