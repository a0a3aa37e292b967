import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The functions of the cloud, each the entry file of this name in `functions/src/main-lambda`. */
export const functionNames = [
  'connect',
  'disconnect',
  'message',
  'follow-up',
  'http',
  'edge-authorizer',
  'edge-link',
  'watch-edges',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** A bundle lies in a folder of its own, which is what is deployed: `index.mjs`, exporting `handler`. */
export const bundleFile = 'index.mjs';

export interface Bundle {
  readonly name: FunctionName;
  readonly folder: string;
  readonly bytes: number;
}

/** ECMAScript modules have no `require`, but some of the libraries bundled into them call it for parts of Node. */
const requireForLibraries =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const credentials = fileURLToPath(new URL('./function-credentials.ts', import.meta.url));

/**
 * Bundles the functions with everything that they import, the SDK included: what is tested is what runs.
 *
 * @param checkout folder of the project
 * @param output folder that gets one folder for each function; what was in it is removed
 */
export const bundleFunctions = async (checkout: string, output: string): Promise<readonly Bundle[]> => {
  await rm(output, { recursive: true, force: true });
  return Promise.all(functionNames.map((name) => bundleFunction(checkout, output, name)));
};

const bundleFunction = async (checkout: string, output: string, name: FunctionName): Promise<Bundle> => {
  const folder = join(output, name);
  const { metafile } = await build({
    entryPoints: [join(checkout, 'functions/src/main-lambda', `${name}.ts`)],
    outfile: join(folder, bundleFile),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The modules that libraries keep for bundlers: half the size of what they keep for `require`.
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': credentials },
    banner: { js: requireForLibraries },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, file) => sum + file.bytes, 0);
  return { name, folder, bytes };
};
