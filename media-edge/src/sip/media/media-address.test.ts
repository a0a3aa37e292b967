import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peerNetworks } from '../../network/peer-networks.ts';
import { MediaRefused, mediaAddress } from './media-address.ts';

const lan = peerNetworks(['10.0.0.0/16']);

test('a public address is where media goes', () => {
  assert.equal(mediaAddress('8.8.8.8', '9.9.9.9', lan), '8.8.8.8');
});

test('a neighbour may name its own network', () => {
  assert.equal(mediaAddress('10.0.3.4', '10.0.1.2', lan), '10.0.3.4');
});

test('a stranger who names our network gets its media where it signals from', () => {
  assert.equal(mediaAddress('10.0.3.4', '8.8.8.8', lan), '8.8.8.8');
});

test('a private address of somebody behind a NAT means where it signals from', () => {
  assert.equal(mediaAddress('192.168.178.20', '8.8.8.8', lan), '8.8.8.8');
});

for (const address of [
  '127.0.0.1',
  '169.254.169.254',
  '224.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  'fe80::1',
  '192.0.2.7',
]) {
  test(`media to ${address} is refused with 488`, () => {
    assert.throws(
      () => mediaAddress(address, '8.8.8.8', lan),
      (error: unknown) => error instanceof MediaRefused && error.code === 488,
    );
  });
}
