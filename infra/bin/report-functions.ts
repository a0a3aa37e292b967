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

interface ImportTime {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The shortest of some runs, which other work of the machine disturbed least. */
const importTime = (file: string): ImportTime => {
  const url = JSON.stringify(pathToFileURL(file).href);
  const code = `const began = performance.now(), before = process.cpuUsage();
    await import(${url});
    const { user, system } = process.cpuUsage(before);
    console.log((performance.now() - began) + ' ' + (user + system) / 1000);
    process.exit(0);`;
  const once = (): ImportTime => {
    const args = ['--input-type=module', '--eval', code];
    const said = execFileSync(process.execPath, args, { env: environment, encoding: 'utf8' });
    const [wallMs = Number.NaN, cpuMs = Number.NaN] = said.trim().split(' ').map(Number);
    return { wallMs, cpuMs };
  };
  const times = Array.from({ length: runs }, once);
  return {
    wallMs: Math.min(...times.map(({ wallMs }) => wallMs)),
    cpuMs: Math.min(...times.map(({ cpuMs }) => cpuMs)),
  };
};

const bytesOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

const rows = functionNames.map((name) => {
  const folder = join(bundles, name);
  return { name, bytes: bytesOf(folder), ...importTime(join(folder, bundleFile)) };
});
const lines = rows.map(({ name, bytes, wallMs, cpuMs }) => {
  const figures = [`${(bytes / 1000).toFixed(0)} KB`, `${wallMs.toFixed(0)} ms`, `${cpuMs.toFixed(0)} ms`];
  const note = bytes > maxBytes ? `  over ${maxBytes / 1000} KB` : '';
  return `${name.padEnd(16)}${figures.map((figure) => figure.padStart(9)).join('')}${note}`;
});
console.log(['function             size   import   of it processor', ...lines].join('\n'));
if (rows.some(({ bytes }) => bytes > maxBytes)) process.exitCode = 1;
