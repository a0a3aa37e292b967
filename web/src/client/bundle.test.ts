import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { createConnection, utils } from './index.ts';

test('the library is under 30 KB, minified and compressed, and brings no schemas along', async () => {
  const entry = join(import.meta.dirname, 'index.ts');
  const options = { bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' } as const;
  const { outputFiles, metafile } = await build({ entryPoints: [entry], metafile: true, ...options });
  const size = gzipSync(outputFiles[0]?.contents ?? '').length;
  assert.ok(size > 1_000 && size < 30 * 1024, `${size} bytes`);
  assert.deepEqual(
    Object.keys(metafile.inputs).filter((input) => input.includes('node_modules')),
    [],
  );
});

test('it loads where there is no browser, and says what is missing when it is used', () => {
  assert.equal(typeof utils.attachMediaStream, 'function');
  assert.throws(() => createConnection(), /"server" must be specified/);
  assert.throws(() => createConnection({ server: 'ws://localhost/webrtcgateway/ws' }), /WebRTC support not detected/);
});
