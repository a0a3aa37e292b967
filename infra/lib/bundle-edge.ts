import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The program of an edge, and the thread of its relay, which it starts from the file beside itself. */
const entries = { edge: 'media-edge/src/main.ts', 'relay-thread': 'media-edge/src/relay/relay-thread.ts' };

/** What modules of the older kind find around them, and libraries of that kind look for. */
const surroundings = [
  "import { createRequire } from 'node:module';",
  'const require = createRequire(import.meta.url);',
  'const { filename: __filename, dirname: __dirname } = import.meta;',
].join(' ');

/**
 * Bundles an edge with everything that it imports, the SDK included: `edge.mjs` and `relay-thread.mjs`.
 * To run it takes Node, a media worker (`SYLK_WORKER_BIN`), and, best, the UDP library beside that.
 *
 * @param checkout folder of the project
 * @param output folder that gets the two files; what was in it is removed
 * @returns bytes of both
 */
export const bundleEdge = async (checkout: string, output: string): Promise<number> => {
  await rm(output, { recursive: true, force: true });
  const { metafile } = await build({
    entryPoints: Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(checkout, path)])),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    // Names of classes go into logs.
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Libraries in C that `ws` uses where they are installed.
    external: ['bufferutil', 'utf-8-validate'],
    banner: { js: surroundings },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
};
