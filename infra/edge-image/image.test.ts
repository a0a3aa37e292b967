import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };

const checkout = join(import.meta.dirname, '../..');
const lines = readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8').split('\n');
const copied = lines
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
  .flatMap((line) => line.split(' ').slice(1, -1));

test('all that the image is built from is there', () => {
  assert.ok(copied.length > 10);
  assert.deepEqual(
    copied.filter((path) => !existsSync(join(checkout, path))),
    [],
  );
});

test('npm finds the package of each workspace', () => {
  const missing = packageJson.workspaces.filter((workspace) => !copied.includes(`${workspace}/package.json`));
  assert.deepEqual(missing, []);
});
