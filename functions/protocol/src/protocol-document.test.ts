import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ExampleFolder, exampleNames } from '../examples/read-example.ts';
import { maxFrameBytes, maxMessageBytes, maxSdpChars } from './limits.ts';

const document = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8');

for (const folder of ['requests', 'replies', 'events', 'edge/to-edge', 'edge/from-edge'] satisfies ExampleFolder[]) {
  test(`PROTOCOL.md names all ${folder}`, () => {
    // Names of examples that tell answers and results apart are words of a table there, not tags.
    const tags = exampleNames(folder).flatMap((name) => (/^(?:answer|done)\b/.test(name) ? [] : name.split('.')));
    assert.deepEqual(
      tags.filter((tag) => !document.includes(`\`${tag}\``)),
      [],
    );
  });
}

test('PROTOCOL.md has the limits that the code has', () => {
  for (const limit of [maxFrameBytes, maxMessageBytes, maxSdpChars])
    assert.ok(document.includes(String(limit)), `${limit}`);
});
