import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownPrivateNetworks, peerNetworks } from './peer-networks.ts';

const none = peerNetworks([]);

const refused = {
  '127.0.0.1': 'loopback',
  '127.255.255.254': 'loopback',
  '::1': 'loopback',
  '0.0.0.0': 'unspecified',
  '::': 'unspecified',
  '169.254.169.254': 'metadata',
  'fd00:ec2::254': 'metadata',
  '169.254.1.1': 'link-local',
  'fe80::1': 'link-local',
  'fe80::1%eth0': 'not an IP|link-local',
  '10.1.2.3': 'private',
  '172.31.255.255': 'private',
  '192.168.0.1': 'private',
  '100.64.0.1': 'private',
  'fd12::1': 'private',
  '192.0.2.1': 'documentation',
  '2001:db8::1': 'documentation',
  '224.0.1.75': 'multicast',
  'ff02::1': 'multicast',
  '255.255.255.255': 'broadcast',
  '240.0.0.1': 'reserved',
  '198.18.0.1': 'reserved',
  '::ffff:127.0.0.1': 'loopback',
  '::ffff:7f00:1': 'loopback',
  '::7f00:1': 'loopback',
  '64:ff9b::169.254.169.254': 'metadata',
  '64:ff9b::a00:1': 'private',
  '2002:7f00:0001::': 'loopback',
  '2002:a9fe:a9fe::1': 'metadata',
  localhost: 'not an IP',
  '127.1': 'not an IP',
};

for (const [address, word] of Object.entries(refused)) {
  test(`${address} is refused as ${word}`, () => {
    assert.match(none.refusal(address) ?? 'allowed', new RegExp(word));
  });
}

for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2a00:1450::1', '::ffff:8.8.8.8', '64:ff9b::808:808']) {
  test(`${address} is public and may be called`, () => {
    assert.equal(none.refusal(address), undefined);
  });
}

test('a named network may be called, also written as a mapped address, and only that one', () => {
  const some = peerNetworks(['127.0.0.0/8', '10.0.0.0/16', 'fd12::/16']);
  for (const address of ['127.0.0.1', '::ffff:127.0.0.1', '10.0.255.1', 'fd12::9']) {
    assert.equal(some.refusal(address), undefined, address);
    assert.equal(some.isTrusted(address), true, address);
  }
  assert.match(some.refusal('10.1.0.1') ?? '', /private/);
  assert.match(some.refusal('::1') ?? '', /loopback/);
});

test('no setting opens multicast, broadcast or the unspecified address', () => {
  const all = peerNetworks(['0.0.0.0/0', '::/0']);
  assert.equal(all.refusal('10.0.0.1'), undefined);
  for (const address of ['224.0.0.1', '0.0.0.0', '::', 'ff02::1', '255.255.255.255']) {
    assert.notEqual(all.refusal(address), undefined, address);
  }
});

for (const text of ['10.0.0.0/33', 'lan', '10.0.0.0/', '10.0.0.0/8x', 'fd00::/129', '']) {
  test(`'${text}' is not a network`, () => {
    assert.throws(() => peerNetworks([text]), /not a network: /);
  });
}

test('the own private networks are those of real interfaces apart from the Internet', () => {
  const interfaces = [
    { address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true },
    { address: '192.168.7.9', cidr: '192.168.7.9/24', internal: false },
    { address: '52.1.2.3', cidr: '52.1.2.3/20', internal: false },
    { address: 'fe80::1', cidr: 'fe80::1/64', internal: false },
    { address: '192.0.2.2', cidr: '192.0.2.2/24', internal: false },
    { address: 'fd01::5', cidr: 'fd01::5/64', internal: false },
  ];
  assert.deepEqual(ownPrivateNetworks(interfaces), ['192.168.7.9/24', '192.0.2.2/24', 'fd01::5/64']);
  assert.equal(peerNetworks(ownPrivateNetworks(interfaces)).refusal('192.168.7.200'), undefined);
});
