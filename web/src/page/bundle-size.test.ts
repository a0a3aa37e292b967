import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a phone on a slow network can fetch while somebody waits to make a call, in bytes. */
const budgetBytes = 100 * 1024;

test('all that a page needs before a call fits 100 KB, compressed', async () => {
  const entry = fileURLToPath(new URL('main.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    outdir: '/',
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [path.replace(/^.*\//, ''), gzipSync(contents).length]),
  );
  const languages = [...sizes].filter(([name]) => /^[a-z]{2}-/.test(name)).map(([, size]) => size);
  assert.equal(languages.length, 5);
  // Nobody needs more than one language; English comes with the page.
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const bytes = all - languages.reduce((sum, size) => sum + size, 0) + Math.max(...languages);
  assert.ok(bytes < budgetBytes, `the page is ${bytes} bytes compressed, expected less than ${budgetBytes}`);
});
