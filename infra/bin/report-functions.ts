import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFile, functionNames } from '../lib/bundle-functions.ts';

/**
 * Says of each bundled function how large it is and how long a fresh process takes to import it; fails when one is
 * larger than its budget. Times are of this machine, so they are shown and nothing more.
 */
const bundles = join(import.meta.dirname, '../cdk.out/bundles');
const maxBytes = 500_000;
const runs = 5;

/** Values of the right form: a function reads its environment when it is imported, and calls nobody before an event. */
const environment = {
  AWS_REGION: 'eu-central-1',
  SYLK_TABLE: 'table',
  SYLK_BROWSER_API: 'https://browsers.example/v1',
  SYLK_EDGE_API: 'https://edges.example/v1',
  SYLK_FOLLOW_UP_QUEUE: 'https://queue.example/jobs',
  SYLK_EDGE_SECRET: 'secret',
  SYLK_DOMAIN: 'example.org',
};

/** The shortest of some runs, which other work of the machine disturbed least, in ms. */
const importMs = (file: string): number => {
  const code = `const begin = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - begin); process.exit(0)`;
  const once = () => {
    const args = ['--input-type=module', '--eval', code];
    return Number(
      execFileSync(process.execPath, args, { env: environment, encoding: 'utf8' }).trim().split('\n').at(-1),
    );
  };
  return Math.min(...Array.from({ length: runs }, once));
};

const bytesOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const rows = functionNames.map((name) => {
  const folder = join(bundles, name);
  return { name, bytes: bytesOf(folder), ms: importMs(join(folder, bundleFile)) };
});
const lines = rows.map(({ name, bytes, ms }) => {
  const size = `${(bytes / 1000).toFixed(0)} KB`;
  return `${name.padEnd(16)}${size.padStart(8)}${`${ms.toFixed(0)} ms`.padStart(9)}${bytes > maxBytes ? `  over ${maxBytes / 1000} KB` : ''}`;
});
console.log(['function            size   import', ...lines].join('\n'));
if (rows.some(({ bytes }) => bytes > maxBytes)) process.exitCode = 1;
