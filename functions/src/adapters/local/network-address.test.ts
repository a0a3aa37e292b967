import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './network-address.ts';

test('an IPv4 address counts by itself', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7');
});

for (const [address, network] of [
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
] as const) {
  test(`${address} counts as ${network}`, () => {
    assert.equal(networkOf(address), network);
  });
}
