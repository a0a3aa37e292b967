import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spoken } from './duration.mjs';

for (const [ms, text] of /** @type {const} */ ([
  [40, '0.0 s'],
  [1_230, '1.2 s'],
  [9_960, '10 s'],
  [59_400, '59 s'],
  [185_000, '3 min 5 s'],
])) {
  test(`${ms} ms are ${text}`, () => assert.equal(spoken(ms), text));
}
