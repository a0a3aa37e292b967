import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a phone on a slow network can fetch while somebody waits to make a call, in bytes. */
const budgetBytes = 100 * 1024;

test('all that a page needs before a call fits 100 KB, compressed', async () => {
  const entry = fileURLToPath(new URL('main.ts', import.meta.url));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    outdir: '/',
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  const sizes = new Map(outputFiles.map(({ path, contents }) => [basename(path), gzipSync(contents).length]));
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const needed = new Set<string>(['main.js']);
  // A set goes on to what is added to it meanwhile.
  for (const name of needed)
    for (const { path, kind } of outputs.get(name)?.imports ?? [])
      if (kind === 'import-statement') needed.add(basename(path));
  const languages = [...sizes]
    .filter(([name]) => /\/messages\/[a-z]{2}\.ts$/.test(outputs.get(name)?.entryPoint ?? ''))
    .map(([, size]) => size);
  assert.equal(languages.length, 5);
  // Nobody needs more than one language; English comes with the page.
  const bytes = [...needed].reduce((sum, name) => sum + (sizes.get(name) ?? 0), Math.max(...languages));
  assert.ok(bytes < budgetBytes, `the page is ${bytes} bytes compressed, expected less than ${budgetBytes}`);
});
