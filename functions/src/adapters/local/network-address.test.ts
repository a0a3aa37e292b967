import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf, remoteAddress, unknownAddress } from './network-address.ts';

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

const arrival = (remote: string, headers: Record<string, string> = {}, httpVersion = '1.1') =>
  remoteAddress({ socket: { remoteAddress: remote }, headers: { host: 'localhost:8080', ...headers }, httpVersion });

test('whoever comes directly is who they are, whatever they claim', () => {
  assert.equal(arrival('::ffff:198.51.100.7', { 'x-forwarded-for': '127.0.0.1' }), '198.51.100.7');
  assert.equal(arrival('127.0.0.1'), '127.0.0.1');
  assert.equal(arrival('::1', { host: '[::1]:8080' }), '::1');
});

test('a proxy on this machine is believed about its peer, which is the last that it names', () => {
  assert.equal(arrival('127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 198.51.100.7' }), '198.51.100.7');
  assert.equal(arrival('127.0.0.1', { 'x-forwarded-for': '2001:db8::7', host: 'calls.example.org' }), '2001:db8::7');
});

for (const [how, headers, version] of [
  ['by HTTP/1.0', {}, '1.0'],
  ['for a host elsewhere', { host: 'calls.example.org' }, '1.1'],
  ['with Via', { via: '1.1 proxy' }, '1.1'],
  ['with a scheme only', { 'x-forwarded-proto': 'https' }, '1.1'],
  ['for loopback', { 'x-forwarded-for': '127.0.0.1' }, '1.1'],
  ['for nobody readable', { 'x-forwarded-for': 'unknown' }, '1.1'],
] as const) {
  test(`a proxy that asks ${how} does not speak for this machine`, () => {
    assert.equal(arrival('127.0.0.1', headers, version), unknownAddress);
  });
}
