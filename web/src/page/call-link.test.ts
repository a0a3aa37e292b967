import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calledAddress } from './call-link.ts';

test('a call link carries an address', () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['/call/bob@example.org', 'bob@example.org'],
    ['/call/bob%40example.org/', 'bob@example.org'],
    ['/call/100%', '100%'],
    ['/call/', undefined],
    ['/', undefined],
    ['/recall/bob@example.org', undefined],
  ];
  for (const [path, address] of rows) assert.equal(calledAddress(path), address, path);
});
