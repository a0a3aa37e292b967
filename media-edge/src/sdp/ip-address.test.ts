import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { isIpAddress } from './ip-address.ts';

test('addresses of either family are told from names and nonsense', () => {
  for (const text of [
    '192.0.2.1',
    '0.0.0.0',
    '::',
    '::1',
    '2001:db8::7',
    '1:2:3:4:5:6:7:8',
    '::ffff:192.0.2.1',
    'fe80::1',
  ]) {
    assert.equal(isIpAddress(text), true, text);
  }
  for (const text of [
    '',
    'pbx.example',
    '256.1.1.1',
    '1.2.3',
    '01.2.3.4',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '192.0.2.1::',
    'fe80::1%eth0',
  ]) {
    assert.equal(isIpAddress(text), false, text);
  }
});

test('it agrees with the runtime on anything', () => {
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '.', '255'), maxLength: 16 }),
  );
  fc.assert(
    fc.property(text, (address) => isIpAddress(address) === (isIP(address) !== 0)),
    { numRuns: 2000 },
  );
});
