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
    minify: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
  assert.ok(bytes < budgetBytes, `the page is ${bytes} bytes compressed, expected less than ${budgetBytes}`);
});
