import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { listenInfos, usableAddresses } from './listen-addresses.ts';

const entry = (address: string, internal = false): NetworkInterfaceInfo =>
  address.includes(':')
    ? { address, internal, family: 'IPv6', netmask: '', mac: '', cidr: null, scopeid: 0 }
    : { address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null };

const interfaces = {
  lo: [entry('127.0.0.1', true), entry('::1', true)],
  eth0: [entry('2001:db8::2'), entry('192.0.2.2'), entry('fe80::1')],
  wlan0: [entry('10.0.0.5'), entry('169.254.7.7')],
};

test('addresses that another machine can use, IPv4 first', () => {
  assert.deepEqual(usableAddresses(interfaces), ['192.0.2.2', '10.0.0.5', '2001:db8::2']);
});

test('a machine without a network is met on loopback', () => {
  assert.deepEqual(usableAddresses({ lo: interfaces.lo }), ['127.0.0.1']);
  assert.deepEqual(usableAddresses({}), ['127.0.0.1']);
});

test('each address is met by UDP and TCP on the one port', () => {
  assert.deepEqual(listenInfos({ eth0: [entry('192.0.2.2')] }, 40_000, undefined), [
    { protocol: 'udp', ip: '192.0.2.2', port: 40_000 },
    { protocol: 'tcp', ip: '192.0.2.2', port: 40_000 },
  ]);
});

test('the public address is shown beside the first own one of its family', () => {
  const infos = listenInfos(interfaces, 40_000, '203.0.113.80').filter((info) => info.protocol === 'udp');
  assert.deepEqual(
    infos.map((info) => [info.ip, info.announcedAddress, info.exposeInternalIp]),
    [
      ['192.0.2.2', '203.0.113.80', true],
      ['10.0.0.5', undefined, undefined],
      ['2001:db8::2', undefined, undefined],
    ],
  );
  const six = listenInfos(interfaces, 40_000, '2001:db8:1::80').find((info) => info.announcedAddress !== undefined);
  assert.equal(six?.ip, '2001:db8::2');
});

test('a public address of the machine itself needs no announcement', () => {
  assert.ok(listenInfos(interfaces, 40_000, '192.0.2.2').every((info) => info.announcedAddress === undefined));
});
