import assert from 'node:assert/strict';
import { test } from 'node:test';
import { build } from 'esbuild';
import { exampleNames, readExample } from '../../examples/read-example.ts';
import { parseServerMessage } from './parse-server-message.ts';

for (const name of exampleNames('events')) {
  test(`${name} is read as it is`, () => {
    const text = readExample('events', name);
    assert.deepEqual(parseServerMessage(text), JSON.parse(text));
  });
}

for (const text of ['', 'ack', '5', 'null', '[]', '"ack"', '{}', '{"sylkrtc":5}', '{"__proto__":{"sylkrtc":"ack"}}']) {
  test(`${text} is not a message`, () => assert.equal(parseServerMessage(text), undefined));
}

test('a page that uses it does not load the schemas', async () => {
  const entry = new URL('./parse-server-message.ts', import.meta.url).pathname;
  const { metafile } = await build({ entryPoints: [entry], bundle: true, write: false, metafile: true, format: 'esm' });
  assert.deepEqual(
    Object.keys(metafile.inputs).filter((file) => file.includes('node_modules')),
    [],
  );
});
