import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specifiersOf, targetOf } from './imports.mjs';

test('imports of values, types, side effects and re-exports are all seen', () => {
  const code = `
import a from './a.ts';
import type { B } from './b.ts';
import {
  c,
  type D,
} from '@sylk/protocol/ids.ts';
import './e.ts';
export type * from './f.ts';
export { g } from "g";
const h = await import('./h.ts');
type I = import('./i.ts').I;
`;
  assert.deepEqual(specifiersOf(code).toSorted(), [
    './a.ts',
    './b.ts',
    './e.ts',
    './f.ts',
    './h.ts',
    './i.ts',
    '@sylk/protocol/ids.ts',
    'g',
  ]);
});

test('what only looks like an import is not one', () => {
  const code = `
export const text = "words from 'elsewhere'";
export function list() {
  return Array.from('abc');
}
// import x from 'x';
const important = from;
`;
  assert.deepEqual(specifiersOf(code), []);
});

test('a relative specifier leads to a path below the checkout', () => {
  assert.deepEqual(targetOf('../ports/sfu.ts', 'media-edge/src/call/call.ts'), { file: 'media-edge/src/ports/sfu.ts' });
});

test('the wire package leads to its source', () => {
  assert.deepEqual(targetOf('@sylk/protocol/edge/commands.ts', 'web/src/client/x.ts'), {
    file: 'functions/protocol/src/edge/commands.ts',
  });
});

test('a package is known by its name without the path inside it', () => {
  assert.deepEqual(targetOf('lit/directives/repeat.js', 'x.ts'), { library: 'lit' });
  assert.deepEqual(targetOf('@scope/name/part', 'x.ts'), { library: '@scope/name' });
  assert.deepEqual(targetOf('node:fs/promises', 'x.ts'), { library: 'node:fs/promises' });
});
