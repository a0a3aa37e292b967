import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownHeaders } from './shown-headers.ts';

const headers = [
  { name: 'X-Reason', value: 'lunch' },
  { name: 'P-Asserted-Identity', value: 'x' },
];

test('a client sees the headers whose names begin as it asked, in any case', () => {
  assert.deepEqual(shownHeaders(['x-'], headers), { 'X-Reason': 'lunch' });
});

test('without any the field is left out', () => {
  assert.equal(shownHeaders([], headers), undefined);
  assert.equal(shownHeaders(['Y-'], headers), undefined);
});
