import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { settingsOf } from './context.ts';

const folder = mkdtempSync(join(tmpdir(), 'sylk-context-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

test('single values stand over those of the file, and the names of the CDK are not ours', () => {
  const context = {
    settings: file('good.json', '{"domain":"example.org","edgesMax":2}'),
    edgesMax: '4',
    'aws:cdk:bundling-stacks': ['**'],
    '@aws-cdk/core:checkSecretUsage': true,
  };
  assert.deepEqual(settingsOf(context, folder), { domain: 'example.org', edgesMax: '4' });
});

test('a file that is not there or no JSON object is refused by its path', () => {
  const read = (name: string) => () => settingsOf({ settings: name }, folder);
  assert.throws(read('absent.json'), /settings is '.*absent\.json', expected a file that can be read \(ENOENT/);
  assert.throws(read(file('broken.json', '{')), /settings is '.*broken\.json', expected a file with a JSON object \(/);
  assert.throws(read(file('list.json', '[]')), /settings is '.*list\.json', expected a file with a JSON object/);
});
