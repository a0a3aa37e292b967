import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProgram, missingOf } from './system-packages.mjs';

test('a program on the PATH is found, another is not', () => {
  assert.equal(findProgram('sh'), true);
  assert.equal(findProgram('no-such-program-of-sylk'), false);
});

test('what is missing is said as packages, and any one program or file of several will do', async () => {
  const missing = await missingOf([
    { aptPackage: 'dash', programs: ['no-such-program-of-sylk', 'sh'] },
    { aptPackage: 'nothing', programs: ['no-such-program-of-sylk'] },
    { aptPackage: 'base-files', files: ['/no/such/file', '/etc/passwd'] },
    { aptPackage: 'no-files', files: ['/no/such/file'] },
    { aptPackage: 'libnothing-dev', library: 'no-such-library-of-sylk' },
  ]);
  assert.deepEqual(missing, ['nothing', 'no-files', 'libnothing-dev']);
});
