import assert from 'node:assert/strict';
import { test } from 'node:test';
import { table } from './table.mjs';

test('rows become columns with their names above', () => {
  const rows = [
    { call: 'c1', startedAt: 0, key: { aor: 'alice@sylk.test', session: 's' } },
    { call: 'a longer one', state: 'ringing' },
  ];
  assert.equal(
    table(rows, 'no calls'),
    [
      'call          startedAt                 key                state',
      'c1            1970-01-01T00:00:00.000Z  alice@sylk.test s  -',
      'a longer one  -                         -                  ringing',
      '',
    ].join('\n'),
  );
});

test('no rows are said in words', () => {
  assert.equal(table([], 'no calls'), 'no calls\n');
});
